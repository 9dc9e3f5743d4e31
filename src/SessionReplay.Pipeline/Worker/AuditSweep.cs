using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Audit;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Worker;

/// <summary>Removes audit rows past their age. Any number of processes may run it.</summary>
internal sealed class AuditSweep(
    [Guarded] IAuditLifecycle audit, SweepTurns turns, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<AuditSweep> logger)
        : ISweep
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Does its work once a day. A log whose chain is broken keeps its rows, and no other sweep waiting.</summary>
    /// <returns>How many rows were removed.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) =>
        turns.TakeAsync(Interval, () => SweepAsync(cancellationToken), cancellationToken);

    private async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var (removed, age) = (0, options.Value.AuditRetention);
        try
        {
            var now = clock.GetUtcNow();
            removed = await SweepTurns.RepeatAsync(BatchSize, () => audit.RemoveAsync(now - age, now, BatchSize, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            Log.AuditBroken(logger, e);
        }

        if (removed > 0)
        {
            Log.AuditRowsRemoved(logger, removed, age);
        }

        return removed;
    }
}
