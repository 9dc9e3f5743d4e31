using System.Collections.Concurrent;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Makes room for new assets of a tenant where those that nothing names take it: the oldest go, days before the sweep would take them.</summary>
internal sealed class UnnamedAssets([Guarded] IAssetCatalog assets, AssetDeletion deletion, TimeProvider clock)
{
    private const int BatchSize = 100;

    /// <summary>The batch that names an upload may be on its way.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);

    /// <summary>Each costs the catalog a search, and anybody may fill the room.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, long> _lastRuns = new();

    /// <returns>Whether there may be room now.</returns>
    public async ValueTask<bool> TryMakeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (_lastRuns.TryGetValue(tenant, out var last) && clock.GetElapsedTime(last) < Pause)
        {
            return false;
        }

        _lastRuns[tenant] = clock.GetTimestamp();
        var now = clock.GetUtcNow();
        var taken = await assets.TakeUnusedAsync(tenant, now - MinAge, now - AssetSweep.TakeTime, now, BatchSize, cancellationToken).ConfigureAwait(false);
        await deletion.ShredAsync(taken, cancellationToken).ConfigureAwait(false);
        await deletion.FinishAsync(tenant, taken, cancellationToken).ConfigureAwait(false);
        return taken.Count > 0;
    }
}
