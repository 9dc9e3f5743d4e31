using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Notes in the catalog which sessions are watched live in this process, for the processes that their recorders send to. What comes while
/// the catalog is asked is noted together.
/// </summary>
internal sealed class LiveViewWriter(
    LiveViews views, [Guarded] ILiveViewStore store, TimeProvider clock, ILogger<LiveViewWriter> logger) : BackgroundService
{
    private const int MaxAtOnce = 500;

    private readonly LogPause _pause = new(clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watched = new List<SessionRef>();
        while (await views.ToShare.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
        {
            while (watched.Count < MaxAtOnce && views.ToShare.TryRead(out var session))
            {
                watched.Add(session);
            }

            await NoteAsync(watched, stoppingToken).ConfigureAwait(false);
            watched.Clear();
        }
    }

    private async Task NoteAsync(IReadOnlyCollection<SessionRef> watched, CancellationToken cancellationToken)
    {
        try
        {
            var now = clock.GetUtcNow();
            await store.NoteWatchedAsync(watched, now + LiveViews.Lasting, now, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (_pause.TryTake())
            {
                Log.WatchedNotNoted(logger, e);
            }
        }
    }
}
