using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace SessionReplay.Storage.S3;

/// <content>Objects in parts: large uploads, and concatenation inside the store.</content>
internal sealed partial class S3BlobStore
{
    /// <summary>
    /// The least size of every part but the last, and the greatest number of parts (S3 user guide, "Multipart upload limits").
    /// </summary>
    private const int MinPartSize = 5 * 1024 * 1024;
    private const int MaxParts = 10_000;
    private const long MaxCopiedBytes = 5L * 1024 * 1024 * 1024;

    public async ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(segments);
        var length = segments.Sum(static segment => segment.Length);

        // Each part costs as much as a write: joining must not take more of them than the object's upload would.
        var maxParts = length <= _options.PartBytes ? 0 : (int)((length + PartSize(length) - 1) / PartSize(length));
        if (!S3ConcatenationPlan.TryCreate(segments, MinPartSize, MaxCopiedBytes, maxParts, out var plan))
        {
            return false;
        }

        try
        {
            await UploadAsync(key, null, upload => CopyAsync(upload, plan, cancellationToken), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (BlobStoreUnavailableException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented })
        {
            // Not every compatible store has UploadPartCopy.
            return false;
        }
    }

    /// <summary>Parts grow with the object, so that the greatest number of parts is never reached.</summary>
    private int PartSize(long length) => Math.Max(_options.PartBytes, (int)Math.Min(int.MaxValue / 2, (length / MaxParts) + 1));

    private async ValueTask CopyAsync(Upload upload, IReadOnlyList<S3ConcatenationPart> plan, CancellationToken cancellationToken)
    {
        foreach (var part in plan)
        {
            if (part.CopyOf is { } source)
            {
                await upload.CopyAsync(source).ConfigureAwait(false);
            }
            else
            {
                using var buffer = await GatherAsync(part.Gathered, cancellationToken).ConfigureAwait(false);
                await upload.SendAsync(buffer).ConfigureAwait(false);
            }
        }
    }

    private ValueTask PutInPartsAsync(string key, Stream content, long length, string? ifNoneMatch, CancellationToken cancellationToken) =>
        UploadAsync(
        key,
        ifNoneMatch,
        async upload =>
        {
            var partSize = PartSize(length);
            for (var left = length; left > 0; left -= partSize)
            {
                using var buffer =
                    await UploadBuffer.ReadAsync(content, (int)Math.Min(left, partSize), isLast: left <= partSize, cancellationToken)
                    .ConfigureAwait(false);
                await upload.SendAsync(buffer).ConfigureAwait(false);
            }
        },
        cancellationToken);

    private async ValueTask<UploadBuffer> GatherAsync(IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken)
    {
        var buffer = new UploadBuffer((int)segments.Sum(s => s.Length));
        try
        {
            var filled = 0;
            foreach (var segment in segments)
            {
                var target = buffer.Memory.Slice(filled, (int)segment.Length);
                if (segment.Key is null)
                {
                    segment.Bytes.CopyTo(target);
                }
                else
                {
                    var source = await OpenReadAsync(segment.Key, segment.Offset, segment.Length, cancellationToken).ConfigureAwait(false);
                    await using (source.ConfigureAwait(false))
                    {
                        await source.ReadExactlyAsync(target, cancellationToken).ConfigureAwait(false);
                    }
                }

                filled += target.Length;
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private async ValueTask UploadAsync(string key, string? ifNoneMatch, Func<Upload, ValueTask> send, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = _options.Bucket, Key = FullKey(key) };
        if (_options.ServerSideEncryption.Length > 0)
        {
            request.ServerSideEncryptionMethod = new ServerSideEncryptionMethod(_options.ServerSideEncryption);
            request.ServerSideEncryptionKeyManagementServiceKeyId = _options.KmsKeyId;
        }

        if (StorageClassOf(request.Key) is { } storageClass)
        {
            request.StorageClass = storageClass;
        }

        var begun = await CallAsync(key, () => client.InitiateMultipartUploadAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            var upload = new Upload(this, key, begun.UploadId, cancellationToken);
            await send(upload).ConfigureAwait(false);
            await upload.CompleteAsync(ifNoneMatch).ConfigureAwait(false);
        }
        catch
        {
            await AbortAsync(key, begun.UploadId).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Gives the parts' space back. When even that fails, the rule of <c>SetUpAsync</c> for unfinished uploads takes them away later.
    /// </summary>
    private async ValueTask AbortAsync(string key, string uploadId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await CallAsync(key, () => client.AbortMultipartUploadAsync(_options.Bucket, FullKey(key), uploadId, limit.Token), limit.Token)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is BlobStoreUnavailableException or BlobNotFoundException or OperationCanceledException)
        {
            // The caller gets the first error, which is the one to act on.
        }
    }

    private sealed class Upload(S3BlobStore store, string key, string uploadId, CancellationToken cancellationToken)
    {
        private readonly List<PartETag> _parts = [];

        public async ValueTask SendAsync(UploadBuffer buffer)
        {
            using var body = buffer.AsStream();
            var request = new UploadPartRequest
            {
                BucketName = store._options.Bucket,
                Key = store.FullKey(key),
                UploadId = uploadId,
                PartNumber = _parts.Count + 1,
                PartSize = buffer.Length,
                InputStream = body,
                UseChunkEncoding = false,
                DisablePayloadSigning = store._isTls,
            };
            var response = await store.CallAsync(key, () => store.Client.UploadPartAsync(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            _parts.Add(new PartETag(request.PartNumber.Value, response.ETag));
        }

        public async ValueTask CopyAsync(BlobSegment source)
        {
            var request = new CopyPartRequest
            {
                SourceBucket = store._options.Bucket,
                SourceKey = store.FullKey(source.Key!),
                DestinationBucket = store._options.Bucket,
                DestinationKey = store.FullKey(key),
                UploadId = uploadId,
                PartNumber = _parts.Count + 1,
                FirstByte = source.Offset,
                LastByte = source.Offset + source.Length - 1,
            };
            var response =
                await store.CallAsync(source.Key!, () => store.Client.CopyPartAsync(request, cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
            _parts.Add(new PartETag(request.PartNumber.Value, response.ETag));
        }

        public async ValueTask CompleteAsync(string? ifNoneMatch)
        {
            var request = new CompleteMultipartUploadRequest
            {
                BucketName = store._options.Bucket,
                Key = store.FullKey(key),
                UploadId = uploadId,
                PartETags = _parts,
                IfNoneMatch = ifNoneMatch,
            };
            await store.CallAsync(key, () => store.Client.CompleteMultipartUploadAsync(request, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private IAmazonS3 Client => client;
}
