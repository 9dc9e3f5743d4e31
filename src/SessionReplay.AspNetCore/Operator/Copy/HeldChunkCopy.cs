using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Runs;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Copies chunks that the source's catalog holds, and reads them back: they are those of the source, and each opens.</summary>
internal sealed class HeldChunkCopy(ICatalogReader source, CopyEnd target)
{
    /// <summary>How much is copied in one transaction.</summary>
    private const long MaxBytesAtATime = 4 * 1024 * 1024;

    /// <param name="row">The session.</param>
    /// <param name="chunks">Its chunks.</param>
    /// <param name="cipher">Opens them, with the target's key.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>How many were copied.</returns>
    /// <exception cref="FormatRejectedException">A chunk is not authentic.</exception>
    /// <exception cref="BlobNotFoundException">A chunk has left the source's catalog for an object.</exception>
    public async ValueTask<int> CopyAsync(
        SessionRow row, IReadOnlyList<ChunkRow> chunks, ISessionCipher cipher, CancellationToken cancellationToken)
    {
        foreach (var run in ByteRuns.Split(chunks, static chunk => chunk.Location.Length, MaxBytesAtATime))
        {
            await CopySomeAsync(row, run, cipher, cancellationToken).ConfigureAwait(false);
        }

        return chunks.Count;
    }

    private async ValueTask CopySomeAsync(
        SessionRow row, List<ChunkRow> chunks, ISessionCipher cipher, CancellationToken cancellationToken)
    {
        var places = chunks.ConvertAll(static chunk => new ChunkCursor(chunk.Window, chunk.Seq));
        var bodies = await source.ReadBodiesAsync(row.Session, places, cancellationToken).ConfigureAwait(false);
        if (bodies.Count != chunks.Count)
        {
            throw new BlobNotFoundException($"chunk of {row.Session}");
        }

        foreach (var (chunk, body) in chunks.Zip(bodies))
        {
            Open(row.Session, chunk, body, cipher);
        }

        if (!await target.Sessions.WriteAsync(row, new() { Chunks = chunks, Bodies = bodies }, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var there = await target.Catalog.ReadBodiesAsync(row.Session, places, cancellationToken).ConfigureAwait(false);
        if (there.Count != bodies.Count
            || bodies.Zip(there).Any(static pair => !pair.First.Bytes.Span.SequenceEqual(pair.Second.Bytes.Span)))
        {
            throw new CatalogUnavailableException(
                $"The target's catalog gives other bytes for {row.Session} than were written. Check its disks, then run the command again.");
        }
    }

    private static void Open(SessionRef session, ChunkRow chunk, ChunkBody body, ISessionCipher cipher)
    {
        if (body.Bytes.Length < ChunkHeader.Size + ChunkHeader.TagSize || body.Bytes.Length != chunk.Location.Length)
        {
            throw new FormatRejectedException("R3", "A chunk has another length than the catalog's row of it.");
        }

        var plain = new byte[body.Bytes.Length - ChunkHeader.Size - ChunkHeader.TagSize];
        var header = cipher.Open(new(session.Tenant, session.Session, chunk.Window, chunk.Seq), body.Bytes.Span, plain);
        Array.Clear(plain);
        if (header.Digest != chunk.Digest)
        {
            throw new FormatRejectedException("C6", "The catalog's row of a chunk is not authentic.");
        }
    }
}
