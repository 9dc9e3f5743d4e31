namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Deletes what retention would delete, confirmed by an operator: the guard against a wrong clock or a wrong catalog does not apply.
/// </summary>
public sealed class ConfirmedRetention
{
    private readonly RetentionSweep _sessions;
    private readonly OrphanAssetSweep _assets;

    internal ConfirmedRetention(RetentionSweep sessions, OrphanAssetSweep assets) => (_sessions, _assets) = (sessions, assets);

    /// <summary>Gets the time before which a session must have ended to be deleted.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <returns>The time.</returns>
    public DateTimeOffset DueBefore(ITenantRetention tenant) => _sessions.DueBefore(tenant);

    /// <summary>
    /// Destroys the keys of a tenant's sessions that are past their retention, and deletes their objects and rows as far as it can.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends between two sessions.</param>
    /// <returns>How many sessions were deleted.</returns>
    public ValueTask<int> DeleteSessionsAsync(TenantId tenant, CancellationToken cancellationToken) =>
        _sessions.RunConfirmedAsync(tenant, cancellationToken);

    /// <summary>Destroys the keys and deletes the objects of a tenant's assets that the catalog does not know.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends between two assets.</param>
    /// <returns>How many assets were deleted.</returns>
    public ValueTask<int> DeleteOrphanAssetsAsync(TenantId tenant, CancellationToken cancellationToken) =>
        _assets.RunConfirmedAsync(tenant, cancellationToken);
}
