using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Removes tombstones of sessions and keys once no batch of them can be accepted any more (<see cref="SessionIdTime"/>).</summary>
internal sealed class TombstoneSweep(
    [Guarded] ISessionLifecycle lifecycle, [Guarded] IKeyLifecycle keys, RetentionGuard guard, TimeProvider clock, ILogger<TombstoneSweep> logger) : ISweep
{
    private const int BatchSize = 1_000;

    private DateOnly _lastRun;

    /// <summary>Does its work once a day.</summary>
    /// <returns>How many tombstones were removed.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (_lastRun == today || !await guard.IsClockRightAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var before = now - SessionIdTime.TombstoneTime;
        var removed = await RepeatAsync(() => lifecycle.RemoveTombstonesAsync(before, BatchSize, cancellationToken)).ConfigureAwait(false)
            + await RepeatAsync(() => keys.RemoveTombstonesAsync(before, BatchSize, cancellationToken)).ConfigureAwait(false);
        if (removed > 0)
        {
            Log.TombstonesRemoved(logger, removed, SessionIdTime.TombstoneTime);
        }

        _lastRun = today;
        return removed;
    }

    private static async ValueTask<int> RepeatAsync(Func<ValueTask<int>> remove)
    {
        var sum = 0;
        int removed;
        do
        {
            removed = await remove().ConfigureAwait(false);
            sum += removed;
        }
        while (removed == BatchSize);

        return sum;
    }
}
