using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Facts;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/sessions/{id}/chunks/{window}/{seq}</c>: reads a chunk's range, opens it in pooled memory and sends the batch as it was sealed.</summary>
internal sealed class ChunkEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, [Guarded] IBlobStore blobs, ISessionCipherProvider ciphers, IOptions<SessionReplayOptions> options)
{
    private const string ContentType = "application/x-protobuf";

    public async ValueTask<IResult> HandleAsync(HttpContext context, string id, string window, string seq, CancellationToken cancellationToken)
    {
        // Parsed here: what the framework cannot bind it throws in Development, and logs as unhandled.
        if (!WindowId.TryParse(window, out var windowId) || !uint.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || await sessions.FindAsync(context, id, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        var chunkId = new ChunkId(row.Session.Tenant, row.Session.Session, windowId, number);
        var chunk = await catalog.FindChunkAsync(chunkId, cancellationToken).ConfigureAwait(false);
        if (chunk is null)
        {
            return PlaybackProblem.NotFound();
        }

        using var cipher = await ciphers.GetAsync(row.Session, cancellationToken).ConfigureAwait(false);
        ChunkPlace.Check(row.Session, row.SessionStarted, chunk.Location);
        if (cipher.Fields.TryOpenFacts(row.Session, chunk) is null)
        {
            throw new FormatRejectedException("C6", "The catalog's row of the chunk is not authentic.");
        }

        var length = (int)chunk.Location.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            chunk = await ReadAsync(chunk, chunkId, rented.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            // Opened in place: the plaintext takes the ciphertext's memory, behind the header.
            var payload = rented.AsMemory(ChunkHeader.Size, length - ChunkHeader.Size - ChunkHeader.TagSize);
            var header = OpenInPlace(cipher, chunkId, rented.AsMemory(0, length), payload);
            await SendAsync(context, header, payload, cancellationToken).ConfigureAwait(false);
            return Results.Empty;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    private static ChunkHeader OpenInPlace(ISessionCipher cipher, ChunkId id, Memory<byte> chunk, Memory<byte> payload) =>
        cipher.Open(id, chunk.Span, payload.Span);

    /// <summary>Compaction may move a chunk between the look-up and the read: then its old part is gone, and the catalog knows the new place.</summary>
    private async ValueTask<ChunkRow> ReadAsync(ChunkRow chunk, ChunkId id, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(chunk.Location, destination, cancellationToken).ConfigureAwait(false);
            return chunk;
        }
        catch (BlobNotFoundException)
        {
            var moved = await catalog.FindChunkAsync(id, cancellationToken).ConfigureAwait(false);
            if (moved is null || moved.Location == chunk.Location)
            {
                throw;
            }

            await ReadAsync(moved.Location, destination, cancellationToken).ConfigureAwait(false);
            return moved;
        }
    }

    private async ValueTask ReadAsync(ChunkLocation location, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await blobs.OpenReadAsync(location.BlobKey, location.Offset, location.Length, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.ReadExactlyAsync(destination, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ArgumentException)
        {
            throw new FormatRejectedException("R3", "The place of the chunk lies outside of its object.");
        }
    }

    private async ValueTask SendAsync(HttpContext context, ChunkHeader header, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "private, max-age=3600";
        response.Headers.Vary = "Accept-Encoding, Cookie, Authorization";
        response.Headers.XContentTypeOptions = "nosniff";
        if (header.Compression == ChunkCompression.None || AcceptEncoding.HasGzip(context.Request))
        {
            response.Headers.ContentEncoding = header.Compression == ChunkCompression.Gzip ? "gzip" : default;
            response.ContentLength = payload.Length;
            await response.Body.WriteAsync(payload, cancellationToken).ConfigureAwait(false);
            return;
        }

        var length = header.BatchLength <= options.Value.Ingest.MaxDecompressedBytes
            ? (int)header.BatchLength
            : throw new FormatRejectedException("C7", "The batch is larger than the limit.");
        var batch = ArrayPool<byte>.Shared.Rent(length + 1);
        try
        {
            var size = Decompress(payload, batch.AsSpan(0, length + 1));
            if (size != length)
            {
                throw new FormatRejectedException("C7", "The payload does not decompress to the length that the header tells.");
            }

            response.ContentLength = length;
            await response.Body.WriteAsync(batch.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch, clearArray: true);
        }
    }

    private static int Decompress(ReadOnlyMemory<byte> payload, Span<byte> destination)
    {
        try
        {
            using var compressed = new MemoryStream(payload.ToArray(), writable: false);
            using var gzip = new GZipStream(compressed, CompressionMode.Decompress);
            return gzip.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw new FormatRejectedException("C7", "The payload cannot be decompressed.");
        }
    }
}
