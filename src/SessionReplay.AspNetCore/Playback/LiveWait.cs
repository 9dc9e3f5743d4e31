using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Hosting;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Lets a request for a manifest wait until there is something new (<c>known=</c> the chunks that the viewer knows of), so that a viewer of
/// a session that is arriving sees it at once and asks rarely.
/// </summary>
internal sealed class LiveWait(SessionFinder sessions, LiveViews views, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    /// <summary>Proxies end a request that is silent for longer; most wait for a minute.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Each look is a query of the catalog: with more viewers than this, each looks less often.</summary>
    private const int Crowd = 50;

    private int _waiting;

    /// <summary>Reads how many chunks the viewer knows of.</summary>
    /// <returns><see langword="false"/> if the parameter cannot be understood.</returns>
    public static bool TryReadKnown(HttpRequest request, out int? known)
    {
        known = null;
        if (request.Query["known"].FirstOrDefault() is not { Length: > 0 } text)
        {
            return true;
        }

        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var chunks);
        known = chunks;
        return isNumber;
    }

    /// <summary>Notes that a viewer has asked for a session: unless it has ended, somebody watches it.</summary>
    public void Note(SessionRow session)
    {
        if (session.EndedAt is null)
        {
            views.Note(session.Session);
        }
    }

    /// <summary>Waits. A timeout that the application sets for requests does not end it; the application's end does.</summary>
    /// <returns>The session when it has other chunks than are known, or has ended; <see langword="null"/> when it was deleted, or nothing
    /// came. <c>IsOver</c> says that nothing came, or that the viewer has gone away, which is not an error.</returns>
    public async ValueTask<(SessionRow? Row, bool IsOver)> WaitAsync(
        HttpContext context, SessionRow session, int known, CancellationToken cancellationToken)
    {
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        Interlocked.Increment(ref _waiting);
        try
        {
            return await LookAsync(context, session, known, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return (null, true);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async ValueTask<(SessionRow? Row, bool IsOver)> LookAsync(
        HttpContext context, SessionRow session, int known, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        for (SessionRow? row = session; ; row = await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false))
        {
            if (row is null || row.EndedAt is not null || row.Chunks != known)
            {
                return (row, false);
            }

            views.Note(row.Session);
            if (clock.GetElapsedTime(begun) >= MaxWait)
            {
                return (null, true);
            }

            var pause = Pause * Math.Max(1, Volatile.Read(ref _waiting) / Crowd);
            await Task.Delay(pause < MaxWait ? pause : MaxWait, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
