using System.Collections.Concurrent;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Makes room for new assets of a tenant where those that nothing names take it: the oldest go, days before the sweep would take them.
/// </summary>
public sealed class UnnamedAssets(AssetDeletion deletion, TimeProvider clock)
{
    private const int BatchSize = 100;

    /// <summary>The batch that names an upload may be on its way.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(1);

    /// <summary>Each costs the catalog a search, and anybody may fill the room.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TenantId, long> _lastRuns = new();

    /// <summary>Deletes the oldest assets that nothing names, at most once in 5 seconds.</summary>
    /// <returns>Whether there may be room now.</returns>
    public async ValueTask<bool> TryMakeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (_lastRuns.TryGetValue(tenant, out var last) && clock.GetElapsedTime(last) < Pause)
        {
            return false;
        }

        _lastRuns[tenant] = clock.GetTimestamp();
        var now = clock.GetUtcNow();
        return await deletion.DeleteUnusedAsync(tenant, now - MinAge, now - AssetSweep.TakeTime, BatchSize, cancellationToken)
            .ConfigureAwait(false) > 0;
    }
}
