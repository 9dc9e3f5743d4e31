using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Worker;

/// <summary>Removes dead letters past their age, whichever queue holds them. Any number of processes may run it.</summary>
internal sealed class DeadLetterSweep(
    [Guarded] IDeadLetterQueue deadLetters, SweepTurns turns, IOptions<WorkerOptions> options, TimeProvider clock,
    ILogger<DeadLetterSweep> logger)
    : ISweep
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Does its work once an hour. A queue that is away keeps no other sweep waiting.</summary>
    /// <returns>How many were removed.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) =>
        turns.TakeAsync(Interval, () => SweepAsync(cancellationToken), cancellationToken);

    private async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var (removed, before) = (0, clock.GetUtcNow() - options.Value.DeadLetterRetention);
        try
        {
            removed = await SweepTurns.RepeatAsync(BatchSize, () => deadLetters.DiscardAsync(before, BatchSize, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (QueueUnavailableException e)
        {
            Lifecycle.Log.SweepFailed(logger, e);
        }

        if (removed > 0)
        {
            Log.DeadLettersRemoved(logger, removed);
        }

        return removed;
    }
}
