namespace SessionReplay.Catalog;

/// <summary>
/// Answers playback. Every member throws <see cref="CatalogUnavailableException"/> when the catalog cannot be reached. Deleted sessions are
/// not found.
/// </summary>
public interface ICatalogReader
{
    /// <summary>Searches sessions.</summary>
    /// <param name="query">The conditions.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A page. Its rows have at most 20 of <see cref="SessionDelta.CustomEvents"/>. A row that cannot be read is
    /// <see cref="SessionRow.IsDamaged"/>.</returns>
    ValueTask<SessionPage> SearchAsync(SessionQuery query, CancellationToken cancellationToken);

    /// <summary>Finds a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session with all names of its custom events, or <see langword="null"/>.</returns>
    ValueTask<SessionRow?> FindSessionAsync(SessionRef session, CancellationToken cancellationToken);

    /// <summary>Lists the chunks of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chunks ordered by (window, seq); empty if the session does not exist.</returns>
    ValueTask<IReadOnlyList<ChunkRow>> ListChunksAsync(
        SessionRef session, ChunkCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Lists the chunks of a session without <see cref="ChunkRow.SealedFacts"/> and <see cref="ChunkRow.SealedWindowEnd"/>, which may be a
    /// thousand times as large as the rest.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="heldOnly">Whether to list only those that the catalog holds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chunks ordered by (window, seq); empty if the session does not exist.</returns>
    ValueTask<IReadOnlyList<ChunkRow>> ListPlacesAsync(
        SessionRef session, ChunkCursor? after, int limit, bool heldOnly, CancellationToken cancellationToken);

    /// <summary>Finds one chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chunk, or <see langword="null"/>.</returns>
    ValueTask<ChunkRow?> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken);

    /// <summary>Reads the chunks of stretches in one query, with the bytes of those that the catalog holds.</summary>
    /// <param name="session">The session.</param>
    /// <param name="stretches">The stretches, at most 32, none of which overlap.</param>
    /// <param name="limits">How much to read. The first chunk is read whatever its size.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The chunks that are there; none if the session does not exist.</returns>
    ValueTask<StretchPage> ReadStretchesAsync(
        SessionRef session, IReadOnlyList<ChunkStretch> stretches, StretchLimits limits, CancellationToken cancellationToken);

    /// <summary>Reads the bytes of chunks that the catalog holds.</summary>
    /// <param name="session">The session.</param>
    /// <param name="chunks">The chunks, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes, ordered by (window, seq). A chunk that is not there, or has left for an object, is left out.</returns>
    ValueTask<IReadOnlyList<ChunkBody>> ReadBodiesAsync(
        SessionRef session, IReadOnlyCollection<ChunkCursor> chunks, CancellationToken cancellationToken);
}
