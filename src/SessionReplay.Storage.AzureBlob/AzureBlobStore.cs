using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Microsoft.Extensions.Options;
using SessionReplay.Streams;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>Keeps objects as block blobs in a container of Azure Blob Storage.</summary>
internal sealed partial class AzureBlobStore : IBlobStore
{
    /// <summary>How many blobs are deleted at the same time.</summary>
    private const int DeleteConcurrency = 8;

    private readonly BlobContainerClient _container;
    private readonly AzureBlobStorageOptions _options;
    private readonly DelegationKey _delegation;

    public AzureBlobStore(BlobServiceClient service, IOptions<AzureBlobStorageOptions> options)
    {
        _options = options.Value;
        _container = service.GetBlobContainerClient(_options.Bucket);
        _delegation = new(service);
    }

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(key, content, length, null, cancellationToken);

    public async ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(key, content, length, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (BlobStoreUnavailableException e) when (e.InnerException is RequestFailedException { Status: 409 or 412, ErrorCode: var code }
            && (code == BlobErrorCode.BlobAlreadyExists || code == BlobErrorCode.ConditionNotMet))
        {
            // It is there: an earlier call arrived whose answer was lost.
        }
    }

    private async ValueTask WriteAsync(
        string key, Stream content, long length, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        var blob = Block(key);
        var blocks = new List<string>();
        var upload = Guid.CreateVersion7();
        for (var left = length; left > 0 || blocks.Count == 0; left -= _options.PartBytes)
        {
            using var buffer = await UploadBuffer.ReadAsync(
                content, (int)Math.Min(left, _options.PartBytes), isLast: left <= _options.PartBytes, cancellationToken)
                .ConfigureAwait(false);
            using var body = buffer.AsStream();
            if (length <= _options.PartBytes)
            {
                await CallAsync(
                    key, () =>
                        blob.UploadAsync(
                            body, new BlobUploadOptions { AccessTier = TierOf(key), Conditions = conditions }, cancellationToken),
                            cancellationToken)
                    .ConfigureAwait(false);
                return;
            }

            var id = BlockId(upload, blocks.Count);
            await CallAsync(key, () => blob.StageBlockAsync(id, body, cancellationToken: cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            blocks.Add(id);
        }

        await CommitAsync(key, blob, blocks, conditions, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        var blob = Block(key);
        if (length == 0)
        {
            var properties = await CallAsync(key, () => blob.GetPropertiesAsync(cancellationToken: cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, properties.Value.ContentLength);
            return new MemoryStream([], writable: false);
        }

        var options = new BlobDownloadOptions { Range = offset == 0 && length is null ? default : new HttpRange(offset, length) };
        var response = await CallAsync(key, () => blob.DownloadStreamingAsync(options, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var arriving = response.Value.Details.ContentLength;
        if (length is { } wanted && arriving != wanted)
        {
            response.Value.Dispose();
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The range ends behind the object '{key}'.");
        }

        return new ExactLengthStream(response.Value.Content, arriving, response.Value);
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await CallAsync(prefix, () => NextPageAsync(prefix, token, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            foreach (var item in page?.Values ?? [])
            {
                yield return new(
                    item.Name[_options.KeyPrefix.Length..], item.Properties.ContentLength ?? 0, item.Properties.LastModified ?? default);
            }

            token = page?.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(token));
    }

    public async ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            BlobKey.ThrowIfInvalid(key);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeleteConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            keys,
            parallel,
            async (key, token) =>
            {
                try
                {
                    // Not DeleteIfExists, which takes a missing container for a missing blob.
                    await CallAsync(
                        key, () => Block(key).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: token), token)
                        .ConfigureAwait(false);
                }
                catch (BlobNotFoundException)
                {
                    // As it should be.
                }
            }).ConfigureAwait(false);
    }

    /// <summary>
    /// Names of blocks have one length within a blob (Put Block, "blockid"). Each upload has its own: two at the same time must not commit
    /// each other's blocks.
    /// </summary>
    private static string BlockId(Guid upload, int number)
    {
        Span<byte> id = stackalloc byte[20];
        upload.TryWriteBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id[16..], number);
        return Convert.ToBase64String(id);
    }

    private async ValueTask<T> CallAsync<T>(string key, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            throw new BlobStoreUnavailableException($"The container '{_options.Bucket}' is not there.", e);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new BlobNotFoundException(key, e);
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            throw new ArgumentOutOfRangeException($"The range is not within the object '{key}'.", e);
        }
        catch (Exception e) when (e is RequestFailedException or HttpRequestException or IOException or AggregateException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var code = e is RequestFailedException { ErrorCode: { Length: > 0 } error } ? $" ({error})" : string.Empty;
            throw new BlobStoreUnavailableException($"Azure Blob Storage did not confirm a call for '{key}'{code}.", e);
        }
    }

    private async ValueTask CommitAsync(
        string key, BlockBlobClient blob, IReadOnlyList<string> blocks, BlobRequestConditions? conditions,
        CancellationToken cancellationToken) =>
        await CallAsync(
            key,
            () => blob.CommitBlockListAsync(
                blocks, new CommitBlockListOptions { AccessTier = TierOf(key), Conditions = conditions }, cancellationToken),
            cancellationToken).ConfigureAwait(false);

    private async Task<Page<BlobItem>?> NextPageAsync(string prefix, string? token, CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Prefix = _options.KeyPrefix + prefix };
        await foreach (var page in _container.GetBlobsAsync(options, cancellationToken).AsPages(token).ConfigureAwait(false))
        {
            return page;
        }

        return null;
    }

    private BlockBlobClient Block(string key)
    {
        var blob = _container.GetBlockBlobClient(_options.KeyPrefix + key);
        return _options.EncryptionScope is { Length: > 0 } scope ? blob.WithEncryptionScope(scope) : blob;
    }

    private AccessTier? TierOf(string key) =>
        _options.StorageClass.Length > 0 && key.EndsWith("_encrypted.bin", StringComparison.Ordinal)
            ? new AccessTier(_options.StorageClass)
            : (AccessTier?)null;
}
