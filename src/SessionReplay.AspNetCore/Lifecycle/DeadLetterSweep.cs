using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Removes dead letters past their age, whichever queue holds them. Any number of processes may run it.</summary>
internal sealed class DeadLetterSweep(
    [Guarded] IDeadLetterQueue deadLetters, RetentionGuard guard, IOptions<SessionReplayOptions> options, TimeProvider clock, ILogger<DeadLetterSweep> logger)
    : ISweep
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private long? _lastRun;

    /// <summary>Does its work once an hour. A queue that is away keeps no other sweep waiting.</summary>
    /// <returns>How many were removed.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        if ((_lastRun is { } last && clock.GetElapsedTime(last) < Interval)
            || !await guard.IsClockRightAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        _lastRun = clock.GetTimestamp();
        try
        {
            return await SweepAsync(clock.GetUtcNow() - options.Value.Worker.DeadLetterRetention, cancellationToken).ConfigureAwait(false);
        }
        catch (QueueUnavailableException e)
        {
            Log.SweepFailed(logger, e);
            return 0;
        }
    }

    private async ValueTask<int> SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        int removed;
        var total = 0;
        do
        {
            total += removed = await deadLetters.DiscardAsync(before, BatchSize, cancellationToken).ConfigureAwait(false);
        }
        while (removed == BatchSize);
        if (total > 0)
        {
            Log.DeadLettersRemoved(logger, total);
        }

        return total;
    }
}
