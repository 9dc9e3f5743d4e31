using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/tenants/{tenant}/sessions/{id}/assets/{sha256}</c>: a stylesheet (or image, font) that the session names.</summary>
internal sealed class AssetEndpoint(
    SessionFinder sessions, [Guarded] IAssetCatalog assets, [Guarded] IBlobStore blobs, ITenantCipherProvider ciphers,
    IOptions<IngestOptions> options)
{
    private static readonly FrozenDictionary<AssetMediaType, string> ContentTypes = new Dictionary<AssetMediaType, string>
    {
        [AssetMediaType.Css] = "text/css; charset=utf-8",
        [AssetMediaType.Png] = "image/png",
        [AssetMediaType.Jpeg] = "image/jpeg",
        [AssetMediaType.Gif] = "image/gif",
        [AssetMediaType.Webp] = "image/webp",
        [AssetMediaType.Svg] = "image/svg+xml",
        [AssetMediaType.Woff2] = "font/woff2",
        [AssetMediaType.Woff] = "font/woff",
    }.ToFrozenDictionary();

    public async ValueTask<IResult> HandleAsync(HttpContext context, string hash, CancellationToken cancellationToken)
    {
        if (!ContentHash.TryParse(hash, out var name)
            || await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row
            || await assets.FindKeyAsync(row.Session, name, cancellationToken).ConfigureAwait(false) is not { } key)
        {
            return PlaybackProblem.NotFound();
        }

        using var cipher = await ciphers.GetAssetCipherAsync(row.Session.Tenant, key, cancellationToken).ConfigureAwait(false);
        try
        {
            var stream = await blobs.OpenReadAsync(BlobPaths.Asset(row.Session.Tenant, key), 0, null, cancellationToken)
                .ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                return await OpenAsync(context, cipher, name, stream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (BlobNotFoundException)
        {
            return PlaybackProblem.NotFound();
        }
    }

    private async ValueTask<IResult> OpenAsync(
        HttpContext context, IAssetCipher cipher, ContentHash name, Stream stream, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxAssetBytes;
        var length = checked((int)stream.Length);
        if (length < AssetHeader.Size + AssetHeader.TagSize)
        {
            throw new FormatRejectedException("C1", "The asset is shorter than its header and tag.");
        }

        var asset = new PooledBuffer(SharedBufferPool.Instance, length);
        context.Response.RegisterForDispose(asset);
        await stream.ReadExactlyAsync(asset.GetMemory(length)[..length], cancellationToken).ConfigureAwait(false);
        asset.Advance(length);
        // Opened in place: the plaintext takes the ciphertext's memory, behind the header.
        var payload = asset.WrittenMemory[AssetHeader.Size..^AssetHeader.TagSize];
        var header = cipher.Open(name, asset.WrittenSpan, payload.Span);
        if (header.ContentLength > limit)
        {
            throw new FormatRejectedException("C7", "The asset is larger than the limit.");
        }

        ReadOnlyMemory<byte> content = payload;
        if (header.Compression != ChunkCompression.None)
        {
            var unpacked = OpenedPayload.Decompress(payload, header.ContentLength, limit);
            context.Response.RegisterForDispose(unpacked);
            content = unpacked.WrittenMemory;
        }

        // An SVG opened by itself is a page: nothing of it may run.
        return new OpenedResult(
            ContentTypes[header.MediaType], content) { ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox" };
    }
}
