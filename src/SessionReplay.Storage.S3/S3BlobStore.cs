using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using SessionReplay.Streams;

namespace SessionReplay.Storage.S3;

/// <summary>Keeps objects in a bucket of S3 or of a service that speaks it.</summary>
internal sealed partial class S3BlobStore(IAmazonS3 client, IOptions<S3StorageOptions> options) : IBlobStore
{
    /// <summary>How many keys S3 takes in one request to delete.</summary>
    private const int DeleteBatch = 1000;

    private readonly S3StorageOptions _options = options.Value;

    /// <summary>
    /// Over TLS a body need not be hashed for its signature. The SDK's own framing of bodies is off: not every S3 takes it off again.
    /// </summary>
    private readonly bool _isTls = client.Config.ServiceURL is not { } url || url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    public ValueTask PutAsync(string key, Stream content, long length, CancellationToken cancellationToken) =>
        WriteAsync(key, content, length, null, cancellationToken);

    public async ValueTask CreateAsync(string key, Stream content, long length, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(key, content, length, _options.ConditionalWrites ? "*" : null, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobStoreUnavailableException e)
            when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed })
        {
            // It is there: an earlier call arrived whose answer was lost.
        }
    }

    /// <param name="key">The key.</param>
    /// <param name="content">The content.</param>
    /// <param name="length">Its length.</param>
    /// <param name="ifNoneMatch"><c>*</c> refuses to replace an object.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async ValueTask WriteAsync(string key, Stream content, long length, string? ifNoneMatch, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(content);
        if (length > _options.PartBytes)
        {
            await PutInPartsAsync(key, content, length, ifNoneMatch, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var buffer = await UploadBuffer.ReadAsync(content, (int)length, isLast: true, cancellationToken).ConfigureAwait(false);
        using var body = buffer.AsStream();
        var request = new PutObjectRequest
        {
            BucketName = _options.Bucket,
            Key = FullKey(key),
            InputStream = body,
            IfNoneMatch = ifNoneMatch,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            DisablePayloadSigning = _isTls,
        };
        Protect(request);
        await CallAsync(key, () => client.PutObjectAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Stream> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length is < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A range has no negative length.");
        }

        if (length == 0 || (offset == 0 && length is null))
        {
            return await OpenWholeOrNothingAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
        }

        var request = new GetObjectRequest
        {
            BucketName = _options.Bucket,
            Key = FullKey(key),
            ByteRange = length is { } count ? new ByteRange(offset, offset + count - 1) : new ByteRange($"bytes={offset}-"),
        };
        var response = await CallAsync(key, () => client.GetObjectAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (length is { } wanted && response.ContentLength != wanted)
        {
            response.Dispose();
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The range ends behind the object '{key}'.");
        }

        return new ExactLengthStream(response.ResponseStream, response.ContentLength, response);
    }

    public async ValueTask<Uri?> TryPresignAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        var request = new GetPreSignedUrlRequest
        {
            BucketName = _options.Bucket,
            Key = FullKey(key),
            Verb = HttpVerb.GET,
            Expires = expires.UtcDateTime,
            Protocol = _isTls ? Protocol.HTTPS : Protocol.HTTP,
        };
        return new(await CallAsync(key, () => client.GetPreSignedURLAsync(request), cancellationToken).ConfigureAwait(false));
    }

    public async IAsyncEnumerable<BlobInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = FullKey(prefix) };
        do
        {
            var page = await CallAsync(prefix, () => client.ListObjectsV2Async(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            foreach (var item in page.S3Objects ?? [])
            {
                yield return new(
                    item.Key[_options.KeyPrefix.Length..],
                    item.Size ?? 0,
                    item.LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime()) : default);
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public async ValueTask DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (var batch in keys.Chunk(DeleteBatch))
        {
            var request = new DeleteObjectsRequest { BucketName = _options.Bucket, Quiet = true, Objects = [] };
            foreach (var key in batch)
            {
                BlobKey.ThrowIfInvalid(key);
                request.AddKey(FullKey(key));
            }

            var response = await CallAsync(batch[0], () => client.DeleteObjectsAsync(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            if (response.DeleteErrors is { Count: > 0 } errors)
            {
                throw new BlobStoreUnavailableException(
                    $"S3 did not delete {errors.Count} of {batch.Length} objects; the first error is {errors[0].Code}.");
            }
        }
    }

    private string FullKey(string key) => _options.KeyPrefix + key;

    /// <summary>
    /// An empty range has no form in HTTP and a range of an empty object cannot be satisfied: the object's size decides first.
    /// </summary>
    private async ValueTask<Stream> OpenWholeOrNothingAsync(string key, long offset, long? length, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = FullKey(key) };
        var response = await CallAsync(key, () => client.GetObjectAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (length is null)
        {
            return new ExactLengthStream(response.ResponseStream, response.ContentLength, response);
        }

        using (response)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, response.ContentLength);
            return new MemoryStream([], writable: false);
        }
    }

    private async ValueTask<T> CallAsync<T>(string key, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchBucket")
        {
            throw new BlobStoreUnavailableException($"The bucket '{_options.Bucket}' is not there.", e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw new BlobNotFoundException(key, e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            throw new ArgumentOutOfRangeException($"The range is not within the object '{key}'.", e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotImplemented)
        {
            throw new BlobStoreUnavailableException(
                $"The service knows no conditional writes or another part of a call for '{key}' ({e.ErrorCode}). If it is the former, set ConditionalWrites of the S3 store to false.", e);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var code = e is AmazonServiceException { ErrorCode: { Length: > 0 } error } ? $" ({error})" : string.Empty;
            throw new BlobStoreUnavailableException($"S3 did not confirm a call for '{key}'{code}.", e);
        }
    }

    private void Protect(PutObjectRequest request)
    {
        if (_options.ServerSideEncryption.Length > 0)
        {
            request.ServerSideEncryptionMethod = new ServerSideEncryptionMethod(_options.ServerSideEncryption);
            request.ServerSideEncryptionKeyManagementServiceKeyId = _options.KmsKeyId;
        }

        if (StorageClassOf(request.Key) is { } storageClass)
        {
            request.StorageClass = storageClass;
        }
    }

    private S3StorageClass? StorageClassOf(string fullKey) =>
        _options.StorageClass.Length > 0 && fullKey.EndsWith("_encrypted.bin", StringComparison.Ordinal)
            ? new(_options.StorageClass)
            : null;
}
