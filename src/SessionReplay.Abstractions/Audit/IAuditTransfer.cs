namespace SessionReplay.Audit;

/// <summary>Implemented by an audit log that takes the rows of another, so that the chain goes on in it.</summary>
public interface IAuditTransfer
{
    /// <summary>Appends rows as they are, in one transaction.</summary>
    /// <param name="rows">The rows in the order of their numbers, at most 1,000. The first follows the last row of the log.</param>
    /// <param name="cancellationToken">Ends the wait; the rows may have been appended all the same.</param>
    /// <returns>Whether they were appended; <see langword="false"/> when they do not continue the log's chain, and nothing was
    /// written.</returns>
    /// <exception cref="Catalog.CatalogUnavailableException">The log cannot be reached.</exception>
    ValueTask<bool> TryAppendAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken);

    /// <summary>Begins an empty log where its source begins, which has removed the rows before.</summary>
    /// <param name="start">The source's <see cref="IAuditLifecycle.ReadStartAsync"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the log may have begun all the same.</param>
    /// <returns>Whether it begins there; <see langword="false"/> when it has rows, or has begun elsewhere.</returns>
    /// <exception cref="Catalog.CatalogUnavailableException">The log cannot be reached.</exception>
    ValueTask<bool> TryStartAsync(AuditMark start, CancellationToken cancellationToken);
}
