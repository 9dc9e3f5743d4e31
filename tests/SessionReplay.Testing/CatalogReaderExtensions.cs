using SessionReplay.Catalog;

namespace SessionReplay.Testing;

/// <summary>Reads whole sessions.</summary>
public static class CatalogReaderExtensions
{
    private const int PageSize = 500;

    /// <summary>Lists all chunks of a session, ordered by (window, seq).</summary>
    public static async ValueTask<IReadOnlyList<ChunkRow>> ListChunksAsync(
        this ICatalogReader catalog, SessionRef session, CancellationToken cancellationToken)
    {
        var chunks = new List<ChunkRow>();
        IReadOnlyList<ChunkRow> page;
        do
        {
            ChunkCursor? after = chunks.Count == 0 ? null : new ChunkCursor(chunks[^1].Window, chunks[^1].Seq);
            page = await catalog.ListChunksAsync(session, after, PageSize, cancellationToken).ConfigureAwait(false);
            chunks.AddRange(page);
        }
        while (page.Count == PageSize);

        return chunks;
    }
}
