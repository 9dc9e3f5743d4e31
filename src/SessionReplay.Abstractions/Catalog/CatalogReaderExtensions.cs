namespace SessionReplay.Catalog;

/// <summary>Reads whole sessions page by page.</summary>
public static class CatalogReaderExtensions
{
    private const int PageSize = 500;

    /// <summary>Lists all chunks of a session. A session may have a hundred thousand, and each brings its facts: what can work page by page should.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chunks ordered by (window, seq); empty when there is no such session.</returns>
    public static async ValueTask<IReadOnlyList<ChunkRow>> ListChunksAsync(this ICatalogReader catalog, SessionRef session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var chunks = new List<ChunkRow>();
        ChunkCursor? after = null;
        do
        {
            var page = await catalog.ListChunksAsync(session, after, PageSize, cancellationToken).ConfigureAwait(false);
            chunks.AddRange(page);
            after = page.Count == PageSize ? new(page[^1].Window, page[^1].Seq) : null;
        }
        while (after is not null);
        return chunks;
    }
}
