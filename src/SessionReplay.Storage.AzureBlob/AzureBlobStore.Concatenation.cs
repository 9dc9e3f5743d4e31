using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace SessionReplay.Storage.AzureBlob;

/// <content>Concatenation inside the store: Put Block From URL, then Put Block List.</content>
internal sealed partial class AzureBlobStore : IBlobConcatenator
{
    /// <summary>A blob has at most 50,000 blocks of at most 4,000 MiB (Azure Storage scalability targets).</summary>
    private const int MostBlocks = 50_000;
    private const long MostCopiedBytes = 4000L * 1024 * 1024;

    public async ValueTask<bool> TryConcatenateAsync(string key, IReadOnlyList<BlobSegment> segments, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        ArgumentNullException.ThrowIfNull(segments);
        // The store reads the sources by URL, so it needs a right to them that we can sign here: a shared key, not a managed identity.
        if (segments.Count > MostBlocks || segments.Any(s => s.Length > MostCopiedBytes) || !_container.CanGenerateSasUri)
        {
            return false;
        }

        var blob = Block(key);
        var blocks = new List<string>(segments.Count);
        var upload = Guid.CreateVersion7();
        foreach (var segment in segments)
        {
            var id = BlockId(upload, blocks.Count);
            if (segment.Key is null)
            {
                using var body = new MemoryStream(segment.Bytes.ToArray(), writable: false);
                await CallAsync(key, () => blob.StageBlockAsync(id, body, cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var options = new StageBlockFromUriOptions { SourceRange = new HttpRange(segment.Offset, segment.Length) };
                await CallAsync(
                    segment.Key,
                    () => blob.StageBlockFromUriAsync(ReadUri(segment.Key), id, options, cancellationToken),
                    cancellationToken).ConfigureAwait(false);
            }

            blocks.Add(id);
        }

        await CommitAsync(key, blob, blocks, null, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>A right to read one blob's ciphertext for the minutes of the copy; it goes to the store itself and nowhere else.</summary>
    private Uri ReadUri(string key) =>
        _container.GetBlockBlobClient(_options.KeyPrefix + key).GenerateSasUri(BlobSasPermissions.Read, _clock.GetUtcNow().AddMinutes(15));
}
