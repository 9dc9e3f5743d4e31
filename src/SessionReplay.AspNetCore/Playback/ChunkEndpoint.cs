using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// <c>GET api/tenants/{tenant}/sessions/{id}/chunks/{window}/{seq}</c>: reads a chunk's range, opens it in pooled memory and sends the
/// batch as it was sealed.
/// </summary>
internal sealed class ChunkEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, [Guarded] IBlobStore blobs, ISessionCipherProvider ciphers,
    IOptions<IngestOptions> options)
{
    private const string ContentType = "application/x-protobuf";

    public async ValueTask<IResult> HandleAsync(HttpContext context, string window, string seq, CancellationToken cancellationToken)
    {
        // Parsed here: what the framework cannot bind it throws in Development, and logs as unhandled.
        if (!WindowId.TryParse(window, out var windowId)
            || !uint.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
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
        var buffer = new PooledBuffer(SharedBufferPool.Instance, length);
        context.Response.RegisterForDispose(buffer);
        await ReadAsync(chunk, chunkId, buffer.GetMemory(length)[..length], cancellationToken).ConfigureAwait(false);
        buffer.Advance(length);
        return Open(context, cipher, chunkId, buffer);
    }

    private OpenedResult Open(HttpContext context, ISessionCipher cipher, ChunkId id, PooledBuffer chunk)
    {
        // Opened in place: the plaintext takes the ciphertext's memory, behind the header.
        var payload = chunk.WrittenMemory[ChunkHeader.Size..^ChunkHeader.TagSize];
        var header = cipher.Open(id, chunk.WrittenSpan, payload.Span);
        if (header.Compression == ChunkCompression.None || AcceptEncoding.HasGzip(context.Request))
        {
            return new(ContentType, payload) { ContentEncoding = header.Compression == ChunkCompression.Gzip ? "gzip" : null };
        }

        var batch = OpenedPayload.Decompress(payload, header.BatchLength, options.Value.MaxDecompressedBytes);
        context.Response.RegisterForDispose(batch);
        return new(ContentType, batch.WrittenMemory);
    }

    /// <summary>
    /// A chunk leaves the catalog for an object, and one object for another, between the look-up and the read: then the catalog knows the
    /// new place.
    /// </summary>
    private async ValueTask ReadAsync(ChunkRow chunk, ChunkId id, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(chunk, id, destination, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var moved = await catalog.FindChunkAsync(id, cancellationToken).ConfigureAwait(false);
        if (moved is null || moved.Location == chunk.Location
            || !await TryReadAsync(moved, id, destination, cancellationToken).ConfigureAwait(false))
        {
            throw new BlobNotFoundException(chunk.Location.BlobKey ?? id.ToString());
        }
    }

    /// <returns>Whether the chunk was there.</returns>
    private async ValueTask<bool> TryReadAsync(ChunkRow chunk, ChunkId id, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var location = chunk.Location;
        if (location.IsInCatalog)
        {
            var bodies = await catalog.ReadBodiesAsync(id.SessionRef, [new(id.Window, id.Seq)], cancellationToken).ConfigureAwait(false);
            if (bodies is not [{ } body])
            {
                return false;
            }

            if (body.Bytes.Length != destination.Length)
            {
                throw new FormatRejectedException("R3", "The chunk has another length than the catalog's row of it.");
            }

            body.Bytes.CopyTo(destination);
            return true;
        }

        try
        {
            var stream = await blobs.OpenReadAsync(location.BlobKey, location.Offset, location.Length, cancellationToken)
                .ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.ReadExactlyAsync(destination, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        catch (BlobNotFoundException)
        {
            return false;
        }
        catch (ArgumentException)
        {
            throw new FormatRejectedException("R3", "The place of the chunk lies outside of its object.");
        }
    }
}
