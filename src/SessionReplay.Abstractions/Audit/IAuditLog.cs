namespace SessionReplay.Audit;

/// <summary>An append-only, hash-chained log of every attempt to use recordings.</summary>
/// <remarks>
/// Every member throws <see cref="Catalog.CatalogUnavailableException"/> when the log cannot be reached; playback then answers 503 and
/// shows nothing.
/// </remarks>
public interface IAuditLog
{
    /// <summary>Appends an entry.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the row is durable.</returns>
    ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Lists rows, newest first.</summary>
    /// <param name="session">Only rows of this session; <see langword="null"/> lists all.</param>
    /// <param name="before">Only rows with a smaller number; <see langword="null"/> begins with the newest.</param>
    /// <param name="limit">The greatest number of rows, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The rows.</returns>
    ValueTask<IReadOnlyList<AuditRow>> ListAsync(SessionRef? session, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Checks the chain from the first row to the last. Where rows were removed because of their age, a row must say so.</summary>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The first row that does not fit the chain, cannot be read or is missing; <see langword="null"/> when all fit.</returns>
    ValueTask<AuditBreak?> FindBreakAsync(CancellationToken cancellationToken);
}
