using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google;
using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using SessionReplay.Streams;
using GcsObject = Google.Apis.Storage.v1.Data.Object;

namespace SessionReplay.Storage.Gcs;

/// <summary>Keeps objects in a bucket of Google Cloud Storage.</summary>
internal sealed partial class GcsBlobStore : IBlobStore
{
    /// <summary>How many objects are deleted at the same time (the JSON API's batches save no time over parallel calls).</summary>
    private const int DeleteConcurrency = 8;

    private readonly StorageClient _client;
    private readonly GcsStorageOptions _options;

    public GcsBlobStore(StorageClient client, GcsStorageOptions options)
    {
        _client = client;
        _options = options;
        _signer = new(() => CreateSigner(client));
    }

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(key, content, length, generation: null, cancellationToken);

    public async ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        try
        {
            // Generation 0 stands for "there is none" (Cloud Storage, "Request preconditions").
            await WriteAsync(key, content, length, generation: 0, cancellationToken).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.PreconditionFailed)
        {
            // It is there: an earlier call arrived whose answer was lost.
        }
    }

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        if (length == 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, await SizeAsync(key, cancellationToken).ConfigureAwait(false));
            return new MemoryStream([], writable: false);
        }

        var response = await DownloadAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
        var isRange = offset > 0 || length is not null;
        var arriving = response.Content.Headers.ContentLength;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
            || (isRange && response.StatusCode != HttpStatusCode.PartialContent)
            || arriving is null || (length is { } wanted && arriving != wanted))
        {
            response.Dispose();
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The range is not within the object '{key}'.");
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new ExactLengthStream(stream, arriving.Value, response);
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new ListObjectsOptions { PageSize = 1000, Fields = "nextPageToken,items(name,size,updated)",
            RetryOptions = RetryOptions.Never };
        var objects = _client.ListObjectsAsync(_options.Bucket, FullKey(prefix), options).GetAsyncEnumerator(cancellationToken);
        await using var enumeration = objects.ConfigureAwait(false);
        while (await NextAsync(objects, prefix, cancellationToken).ConfigureAwait(false))
        {
            var found = objects.Current;
            yield return new(found.Name[_options.KeyPrefix.Length..], (long)(found.Size ?? 0), found.UpdatedDateTimeOffset ?? default);
        }
    }

    public async ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var key in keys)
        {
            BlobKey.ThrowIfInvalid(key);
        }

        var missing = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = DeleteConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            keys,
            parallel,
            async (key, token) =>
            {
                try
                {
                    await _client.DeleteObjectAsync(
                        _options.Bucket, FullKey(key), new DeleteObjectOptions { RetryOptions = RetryOptions.Never }, token)
                        .ConfigureAwait(false);
                }
                catch (Exception e) when (GcsErrors.IsNotFound(e))
                {
                    Interlocked.Increment(ref missing);
                }
                catch (Exception e) when (GcsErrors.Unavailable(e, key, token) is { } unavailable)
                {
                    throw unavailable;
                }
            }).ConfigureAwait(false);
        if (missing > 0)
        {
            await ThrowIfBucketIsMissingAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Uploads an object; the store refuses it when the client's checksum (CRC32C) does not match.</summary>
    private async ValueTask WriteAsync(string key, Stream content, long length, long? generation, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        var target = new GcsObject { Bucket = _options.Bucket, Name = FullKey(key), ContentType = "application/octet-stream",
            StorageClass = StorageClassOf(key) };
        var options = new UploadObjectOptions
        {
            ChunkSize = _options.PartBytes,
            IfGenerationMatch = generation,
            KmsKeyName = _options.KmsKeyId is { Length: > 0 } kms ? kms : null,
            UploadValidationMode = UploadValidationMode.RejectAndThrow,
        };
        // What fits into one part goes in one piece. The client itself reads more than that part by part.
        using var part = length <= _options.PartBytes
            ? await UploadBuffer.ReadAsync(content, (int)length, isLast: true, cancellationToken).ConfigureAwait(false)
            : null;
        using var source = part is null ? new ExactUploadStream(content, length) : (Stream)part.AsStream();
        try
        {
            await _client.UploadObjectAsync(target, source, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (GcsErrors.Unavailable(e, key, cancellationToken) is { } unavailable)
        {
            // Also 404: for an upload it says that the bucket is missing.
            throw unavailable;
        }
    }

    /// <summary>Asks for a range over the client's connection. Its own download cannot be read as it arrives.</summary>
    private async ValueTask<HttpResponseMessage> DownloadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        var get = _client.Service.Objects.Get(_options.Bucket, FullKey(key));
        get.Alt = StorageBaseServiceRequest<GcsObject>.AltEnum.Media;
        using var request = get.CreateRequest();
        if (offset > 0 || length is not null)
        {
            request.Headers.Range = new RangeHeaderValue(offset, length is { } count ? offset + count - 1 : null);
        }

        HttpResponseMessage response;
        try
        {
            response = await _client.Service.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (GcsErrors.Unavailable(e, key, cancellationToken) is { } unavailable)
        {
            throw unavailable;
        }

        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return response;
        }

        using (response)
        {
            throw response.StatusCode == HttpStatusCode.NotFound
                ? await MissingAsync(key, cancellationToken).ConfigureAwait(false)
                : new BlobStoreUnavailableException(
                    $"Cloud Storage did not confirm a call for '{key}' (status {(int)response.StatusCode}).");
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<GcsObject> objects, string prefix, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (GcsErrors.IsNotFound(e))
        {
            throw new BlobStoreUnavailableException($"The bucket '{_options.Bucket}' is not there.", e);
        }
        catch (Exception e) when (GcsErrors.Unavailable(e, prefix, cancellationToken) is { } unavailable)
        {
            throw unavailable;
        }
    }

    private async ValueTask<long> SizeAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.GetObjectAsync(
                _options.Bucket, FullKey(key), new GetObjectOptions { RetryOptions = RetryOptions.Never }, cancellationToken)
                .ConfigureAwait(false);
            return (long)(found.Size ?? 0);
        }
        catch (Exception e) when (GcsErrors.IsNotFound(e))
        {
            throw await MissingAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (GcsErrors.Unavailable(e, key, cancellationToken) is { } unavailable)
        {
            throw unavailable;
        }
    }

    private async ValueTask<BlobNotFoundException> MissingAsync(string key, CancellationToken cancellationToken)
    {
        await ThrowIfBucketIsMissingAsync(cancellationToken).ConfigureAwait(false);
        return new BlobNotFoundException(key);
    }

    /// <summary>
    /// A missing bucket answers 404 as a missing object does: a listing, for which the right is there, shows which it is.
    /// </summary>
    private async ValueTask ThrowIfBucketIsMissingAsync(CancellationToken cancellationToken)
    {
        var options = new ListObjectsOptions { PageSize = 1, Fields = "nextPageToken", RetryOptions = RetryOptions.Never };
        var objects = _client.ListObjectsAsync(_options.Bucket, null, options).GetAsyncEnumerator(cancellationToken);
        await using var enumeration = objects.ConfigureAwait(false);
        await NextAsync(objects, string.Empty, cancellationToken).ConfigureAwait(false);
    }

    private string FullKey(string key) => _options.KeyPrefix + key;

    private string? StorageClassOf(string key) =>
        _options.StorageClass.Length > 0 && key.EndsWith("_encrypted.bin", StringComparison.Ordinal) ? _options.StorageClass : null;
}
