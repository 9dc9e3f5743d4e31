namespace SessionReplay.Catalog;

/// <summary>
/// Counts what all processes together have used of a quota. Safe for concurrent use, also by many processes. Every member throws
/// <see cref="CatalogUnavailableException"/> when the catalog cannot be reached.
/// </summary>
public interface IQuotaStore
{
    /// <summary>Takes from a quota what is left of what is wanted. A period begins when something is taken while none runs.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="quota">The quota's name, at most 120 ASCII characters; nothing that names a visitor.</param>
    /// <param name="amount">How much is wanted, at least 1.</param>
    /// <param name="limit">The bound.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait; the amount may be taken all the same.</param>
    /// <returns>How much was taken.</returns>
    ValueTask<QuotaGrant> TakeAsync(
        TenantId tenant, string quota, long amount, QuotaLimit limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes the counts of periods that have ended.</summary>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed.</returns>
    ValueTask<int> RemoveEndedAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
