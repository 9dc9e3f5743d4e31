using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Removes tombstones of sessions and keys once no batch of them can be accepted any more (<see cref="SessionIdTime"/>).</summary>
internal sealed class TombstoneSweep(
    [Guarded] ISessionLifecycle lifecycle, [Guarded] IKeyLifecycle keys, SweepTurns turns, TimeProvider clock,
    ILogger<TombstoneSweep> logger) : ISweep
{
    private const int BatchSize = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Does its work once a day.</summary>
    /// <returns>How many tombstones were removed.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) =>
        turns.TakeAsync(Interval, () => SweepAsync(cancellationToken), cancellationToken);

    private async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - SessionIdTime.TombstoneTime;
        var removed =
            await SweepTurns.RepeatAsync(BatchSize, () => lifecycle.RemoveTombstonesAsync(before, BatchSize, cancellationToken))
                .ConfigureAwait(false)
            + await SweepTurns.RepeatAsync(BatchSize, () => keys.RemoveTombstonesAsync(before, BatchSize, cancellationToken))
                .ConfigureAwait(false);
        if (removed > 0)
        {
            Log.TombstonesRemoved(logger, removed, SessionIdTime.TombstoneTime);
        }

        return removed;
    }
}
