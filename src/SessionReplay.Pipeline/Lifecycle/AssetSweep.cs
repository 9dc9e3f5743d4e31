using Microsoft.Extensions.Logging;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Deletes assets that no session names any more. Any number of processes may run it.</summary>
internal sealed class AssetSweep(AssetDeletion deletion, SweepTurns turns, TimeProvider clock, ILogger<AssetSweep> logger) : ISweep
{
    /// <summary>
    /// How long an asset is kept that nobody has asked for and nothing names: the batch that names it may wait in a browser (a day at most)
    /// or in the queue.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>After what time another process deletes what one has taken and not deleted. No call to a store takes that long.</summary>
    public static readonly TimeSpan TakeTime = TimeSpan.FromHours(1);

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Does its work once an hour.</summary>
    /// <returns>How many assets were deleted.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) =>
        turns.TakeAsync(Interval, tenant => SweepAsync(new(tenant.Id), cancellationToken), cancellationToken);

    private async ValueTask<int> SweepAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var deleted = await deletion.DeleteUnusedAsync(tenant, now - Grace, now - TakeTime, cancellationToken).ConfigureAwait(false);
        if (deleted > 0)
        {
            Log.AssetsDeleted(logger, deleted, tenant);
        }

        return deleted;
    }
}
