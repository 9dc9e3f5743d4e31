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
        try
        {
            while (await views.ToShare.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                await NoteAsync(Take(), stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed of and not stopped takes it for a failure.
        }
    }

    private List<SessionRef> Take()
    {
        var watched = new List<SessionRef>();
        while (watched.Count < MaxAtOnce && views.ToShare.TryRead(out var session))
        {
            watched.Add(session);
        }

        return watched;
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
