using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Reads and opens assets, each in pooled memory that is cleared.</summary>
internal sealed class AssetReader([Guarded] IBlobStore blobs, ITenantCipherProvider ciphers, IOptions<IngestOptions> options)
{
    private const int Overhead = AssetHeader.Size + AssetHeader.TagSize;

    private static readonly FrozenDictionary<AssetMediaType, string> ContentTypes = new Dictionary<AssetMediaType, string>
    {
        [AssetMediaType.Css] = "text/css",
        [AssetMediaType.Png] = "image/png",
        [AssetMediaType.Jpeg] = "image/jpeg",
        [AssetMediaType.Gif] = "image/gif",
        [AssetMediaType.Webp] = "image/webp",
        [AssetMediaType.Svg] = "image/svg+xml",
        [AssetMediaType.Woff2] = "font/woff2",
        [AssetMediaType.Woff] = "font/woff",
    }.ToFrozenDictionary();

    /// <returns>The asset's record; <see langword="null"/> when it has more than <paramref name="room"/> bytes (<c>IsFull</c>) or was
    /// deleted since the catalog named it.</returns>
    /// <exception cref="FormatRejectedException">The object is damaged, or larger than an asset may be.</exception>
    public async ValueTask<(StreamRecord? Record, bool IsFull)> ReadAsync(
        TenantId tenant, ContentHash hash, Guid key, long room, CancellationToken cancellationToken)
    {
        try
        {
            using var cipher = await ciphers.GetAssetCipherAsync(tenant, key, cancellationToken).ConfigureAwait(false);
            var stream = await blobs.OpenReadAsync(BlobPaths.Asset(tenant, key), 0, null, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                CheckLength(stream.Length);
                return stream.Length - Overhead > room
                    ? (null, true)
                    : (await OpenAsync(cipher, hash, stream, cancellationToken).ConfigureAwait(false), false);
            }
        }
        catch (Exception e) when (e is BlobNotFoundException or KeyDeletedException)
        {
            return (null, false);
        }
    }

    /// <summary>Compressed or not, what is stored is not larger than the content may be, but for a little.</summary>
    private void CheckLength(long length)
    {
        if (length < Overhead)
        {
            throw new FormatRejectedException("C1", "The asset is shorter than its header and tag.");
        }

        if (length > options.Value.MaxAssetBytes + (64 * 1024))
        {
            throw new FormatRejectedException("C7", "The asset is larger than the limit.");
        }
    }

    private async ValueTask<StreamRecord> OpenAsync(
        IAssetCipher cipher, ContentHash hash, Stream stream, CancellationToken cancellationToken)
    {
        var length = (int)stream.Length;
        var asset = new PooledBuffer(SharedBufferPool.Instance, length);
        try
        {
            await stream.ReadExactlyAsync(asset.GetMemory(length)[..length], cancellationToken).ConfigureAwait(false);
            asset.Advance(length);
            // Opened in place: the plaintext takes the ciphertext's memory, behind the header.
            var payload = asset.WrittenMemory[AssetHeader.Size..^AssetHeader.TagSize];
            var header = cipher.Open(hash, asset.WrittenSpan, payload.Span);
            if (header.ContentLength > options.Value.MaxAssetBytes)
            {
                throw new FormatRejectedException("C7", "The asset is larger than the limit.");
            }

            var head = new AssetHeadJson(hash.Hex)
            {
                Type = ContentTypes[header.MediaType],
                Encoding = StreamRecord.EncodingOf(header.Compression),
                Length = header.ContentLength,
            };
            return StreamRecord.Of(head, StreamJson.Default.AssetHeadJson, payload, asset);
        }
        catch
        {
            asset.Dispose();
            throw;
        }
    }
}
