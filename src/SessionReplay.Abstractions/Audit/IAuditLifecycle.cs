namespace SessionReplay.Audit;

/// <summary>What the end of audit rows needs of an audit log; implemented by the class that implements <see cref="IAuditLog"/>.</summary>
/// <remarks>
/// Every member throws <see cref="Catalog.CatalogUnavailableException"/> when the log cannot be reached; the call may be made again.
/// </remarks>
public interface IAuditLifecycle
{
    /// <summary>Gets where the log begins.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The last row that was removed; <see cref="AuditMark.None"/> when none was.</returns>
    ValueTask<AuditMark> ReadStartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Removes the oldest rows, up to the first that is not old enough, and never the newest. In the same transaction it appends the entry
    /// of <see cref="AuditMark.ToEntry"/>.
    /// </summary>
    /// <param name="before">Removes rows of times before this.</param>
    /// <param name="now">The time of the entry that is appended.</param>
    /// <param name="limit">The greatest number, from 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait; the rows may have been removed all the same.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="InvalidDataException">The rows do not continue the chain. Nothing was removed: they are evidence.</exception>
    ValueTask<int> RemoveAsync(DateTimeOffset before, DateTimeOffset now, int limit, CancellationToken cancellationToken);
}
