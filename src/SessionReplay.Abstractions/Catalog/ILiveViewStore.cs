namespace SessionReplay.Catalog;

/// <summary>
/// Notes which sessions somebody watches live, for the processes that their recorders send to. Safe for concurrent use, also by many
/// processes. Every member throws <see cref="CatalogUnavailableException"/> when the catalog cannot be reached.
/// </summary>
public interface ILiveViewStore
{
    /// <summary>
    /// Notes that sessions are watched, and removes the notes that have expired. A session that the catalog does not contain, or that is
    /// being deleted, is skipped; a note is removed with its session.
    /// </summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="until">When the notes expire. A note that expires later stays as it is.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait; the sessions may be noted all the same.</param>
    /// <returns>A task that ends when the sessions are noted.</returns>
    ValueTask NoteWatchedAsync(
        IReadOnlyCollection<SessionRef> sessions, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Lists the sessions that are watched.</summary>
    /// <param name="now">The time.</param>
    /// <param name="limit">The greatest number of sessions; those whose notes expire last come first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sessions of all tenants whose notes have not expired.</returns>
    ValueTask<IReadOnlyList<SessionRef>> ListWatchedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}
