using System.Runtime.CompilerServices;
using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Facts;

/// <summary>Reads whole sessions page by page.</summary>
public static class CatalogReaderExtensions
{
    /// <summary>
    /// Reads the chunks of a session, a page of them in memory at a time: a session may have a hundred thousand, and each brings its facts.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="session">The session.</param>
    /// <param name="after">Where to go on; <see langword="null"/> for the first chunk.</param>
    /// <param name="pageSize">How many chunks are read at a time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chunks ordered by (window, seq); none when there is no such session.</returns>
    public static async IAsyncEnumerable<ChunkRow> ReadChunksAsync(
        this ICatalogReader catalog, SessionRef session, ChunkCursor? after, int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        IReadOnlyList<ChunkRow> page;
        do
        {
            page = await catalog.ListChunksAsync(session, after, pageSize, cancellationToken).ConfigureAwait(false);
            foreach (var chunk in page)
            {
                yield return chunk;
            }

            after = page.Count == 0 ? after : new(page[^1].Window, page[^1].Seq);
        }
        while (page.Count == pageSize);
    }
}
