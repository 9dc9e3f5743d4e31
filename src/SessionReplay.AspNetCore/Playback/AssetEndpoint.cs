using System.Buffers;
using System.Collections.Frozen;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/assets/{sha256}?session=</c>: a stylesheet (or image, font) that was recorded for the session's tenant.</summary>
internal sealed class AssetEndpoint(SessionFinder sessions, [Guarded] IBlobStore blobs, ITenantCipherProvider ciphers, IOptions<SessionReplayOptions> options)
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
            || await sessions.FindAsync(context, context.Request.Query["session"], cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using var cipher = await ciphers.GetAssetCipherAsync(row.Session.Tenant, cancellationToken).ConfigureAwait(false);
        try
        {
            var stream = await blobs.OpenReadAsync(BlobPaths.Asset(row.Session.Tenant, name), 0, null, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                return await SendAsync(context, cipher, name, stream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (BlobNotFoundException)
        {
            return PlaybackProblem.NotFound();
        }
    }

    private async ValueTask<IResult> SendAsync(HttpContext context, IAssetCipher cipher, ContentHash name, Stream stream, CancellationToken cancellationToken)
    {
        var length = checked((int)stream.Length);
        if (length < AssetHeader.Size + AssetHeader.TagSize)
        {
            throw new FormatRejectedException("C1", "The asset is shorter than its header and tag.");
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await stream.ReadExactlyAsync(rented.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            var payload = rented.AsMemory(AssetHeader.Size, length - AssetHeader.Size - AssetHeader.TagSize);
            var header = cipher.Open(name, rented.AsSpan(0, length), payload.Span);
            if (header.ContentLength > options.Value.Ingest.MaxAssetBytes)
            {
                throw new FormatRejectedException("C7", "The asset is larger than the limit.");
            }

            var response = context.Response;
            response.ContentType = ContentTypes[header.MediaType];
            response.Headers.CacheControl = "private, max-age=3600";
            response.Headers.Vary = "Cookie, Authorization";
            response.Headers.XContentTypeOptions = "nosniff";
            // An SVG opened by itself is a page: nothing of it may run.
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
            if (header.Compression == ChunkCompression.None)
            {
                await response.Body.WriteAsync(payload, cancellationToken).ConfigureAwait(false);
                return Results.Empty;
            }

            using var compressed = new MemoryStream(payload.ToArray(), writable: false);
            var gzip = new GZipStream(compressed, CompressionMode.Decompress);
            await using (gzip.ConfigureAwait(false))
            {
                await gzip.CopyToAsync(response.Body, cancellationToken).ConfigureAwait(false);
            }

            return Results.Empty;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
