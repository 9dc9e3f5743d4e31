using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Deletes assets that no session names any more. Any number of processes may run it.</summary>
internal sealed class AssetSweep(
    [Guarded] IAssetCatalog assets, AssetDeletion deletion, RetentionGuard guard, IOptions<SessionReplayOptions> options, TimeProvider clock,
    ILogger<AssetSweep> logger) : ISweep
{
    /// <summary>
    /// How long an asset is kept that nobody has asked for and nothing names: the batch that names it may wait in a browser (a day at most) or in
    /// the queue.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>After what time another process deletes what one has taken and not deleted. No call to a store takes that long.</summary>
    public static readonly TimeSpan TakeTime = TimeSpan.FromHours(1);

    private const int BatchSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private long? _lastRun;

    /// <summary>Does its work once an hour.</summary>
    /// <returns>How many assets were deleted.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        if ((_lastRun is { } last && clock.GetElapsedTime(last) < Interval) 
            || !await guard.IsClockRightAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var deleted = 0;
        foreach (var tenant in options.Value.Tenants)
        {
            if (await guard.MayDeleteAsync(tenant, cancellationToken).ConfigureAwait(false))
            {
                deleted += await SweepAsync(new(tenant.Id), cancellationToken).ConfigureAwait(false);
            }
        }

        _lastRun = clock.GetTimestamp();
        return deleted;
    }

    /// <summary>What a stylesheet named is free when it is deleted: hence until nothing is found.</summary>
    private async ValueTask<int> SweepAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var deleted = 0;
        while (true)
        {
            var now = clock.GetUtcNow();
            var unused = await assets.TakeUnusedAsync(
                tenant, now - Grace, now - TakeTime, now, BatchSize, cancellationToken).ConfigureAwait(false);
            if (unused.Count == 0)
            {
                break;
            }

            await deletion.ShredAsync(unused, cancellationToken).ConfigureAwait(false);
            await deletion.FinishAsync(tenant, unused, cancellationToken).ConfigureAwait(false);
            deleted += unused.Count;
        }

        if (deleted > 0)
        {
            Log.AssetsDeleted(logger, deleted, tenant);
        }

        return deleted;
    }
}
