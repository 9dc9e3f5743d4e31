using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Runs;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Reads the chunks of a session from the catalog.</summary>
internal sealed class SessionChunks([Guarded] ICatalogReader catalog)
{
    /// <summary>How many bytes are asked for at a time.</summary>
    private const long MaxBytesAtATime = 4 * 1024 * 1024;

    private const int MaxChunksAtATime = 500;

    /// <summary>Lists the chunks of a session, all or those that the catalog holds, without their sealed facts.</summary>
    public async ValueTask<List<ChunkRow>> ListAsync(SessionRef session, bool heldOnly, CancellationToken cancellationToken)
    {
        var chunks = new List<ChunkRow>();
        IReadOnlyList<ChunkRow> page;
        for (ChunkCursor? after = null; ; after = new(page[^1].Window, page[^1].Seq))
        {
            page = await catalog.ListPlacesAsync(session, after, MaxChunksAtATime, heldOnly, cancellationToken).ConfigureAwait(false);
            chunks.AddRange(page);
            if (page.Count < MaxChunksAtATime)
            {
                return chunks;
            }
        }
    }

    /// <summary>Reads the bytes of chunks that the catalog holds.</summary>
    /// <param name="session">The session.</param>
    /// <param name="chunks">Chunks that the catalog holds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes by chunk; without those that the catalog does not hold, or has in another length than it says.</returns>
    public async ValueTask<Dictionary<ChunkCursor, ReadOnlyMemory<byte>>> ReadAsync(
        SessionRef session, IReadOnlyList<ChunkRow> chunks, CancellationToken cancellationToken)
    {
        var read = new Dictionary<ChunkCursor, ReadOnlyMemory<byte>>(chunks.Count);
        foreach (var run in ByteRuns.Split(chunks, static chunk => chunk.Location.Length, MaxBytesAtATime, MaxChunksAtATime))
        {
            var asked = run.ConvertAll(static chunk => new ChunkCursor(chunk.Window, chunk.Seq));
            foreach (var body in await catalog.ReadBodiesAsync(session, asked, cancellationToken).ConfigureAwait(false))
            {
                read[new(body.Window, body.Seq)] = body.Bytes;
            }
        }

        foreach (var chunk in chunks)
        {
            ChunkCursor place = new(chunk.Window, chunk.Seq);
            if (read.TryGetValue(place, out var bytes) && bytes.Length != chunk.Location.Length)
            {
                read.Remove(place);
            }
        }

        return read;
    }
}
