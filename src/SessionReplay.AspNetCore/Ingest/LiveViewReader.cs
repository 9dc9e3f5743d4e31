using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Reads which sessions are watched live in other processes, while batches arrive. A process without traffic asks nothing. While the
/// catalog is unavailable, nobody is known to watch there.
/// </summary>
internal sealed class LiveViewReader(
    LiveViews views, [Guarded] ILiveViewStore store, TimeProvider clock, ILogger<LiveViewReader> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>A recorder closes a batch every 20 seconds, if much happens.</summary>
    private static readonly TimeSpan Traffic = TimeSpan.FromMinutes(1);

    private readonly LogPause _pause = new(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await views.Asked.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                await ReadDuringTrafficAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed of and not stopped takes it for a failure.
        }
    }

    private async Task ReadDuringTrafficAsync(CancellationToken cancellationToken)
    {
        var asked = clock.GetTimestamp();
        do
        {
            if (views.Asked.TryRead(out _))
            {
                asked = clock.GetTimestamp();
            }

            await ReadAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Interval, clock, cancellationToken).ConfigureAwait(false);
        }
        while (clock.GetElapsedTime(asked) < Traffic);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            views.Learn(await store.ListWatchedAsync(clock.GetUtcNow(), LiveViews.MaxShared, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (_pause.TryTake())
            {
                Log.WatchedUnknown(logger, e);
            }
        }
    }
}
