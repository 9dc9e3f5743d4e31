using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Logs refusals for which an operator can do something: an outage, or a wrong write key or origin, which is a mistake in the settings, or
/// in those of a proxy, that nobody would see otherwise. Of the latter at most one line a minute, since anybody can send such requests.
/// </summary>
internal sealed class RefusalLog(TimeProvider clock, ILogger<RefusalLog> logger)
{
    private const int MaxOrigin = 100;

    private readonly LogPause _pause = new(clock);

    /// <summary>Logs a refusal, and the error behind it where it is an outage.</summary>
    public void Add(Exception error, IngestRejectedException refusal, HttpRequest request)
    {
        // What is withheld was logged when it began, and is counted.
        if (refusal.Status >= StatusCodes.Status500InternalServerError && error is not IngestRejectedException
            && refusal.RetryAfter is null)
        {
            Log.RequestNotAccepted(logger, refusal.Code, error);
        }

        if (refusal.Code is not (IngestGate.UnknownKey or IngestGate.ForeignOrigin) || !_pause.TryTake())
        {
            return;
        }

        if (refusal.Code == IngestGate.UnknownKey)
        {
            Log.WriteKeyUnknown(logger, Printable(request.Headers.Origin.ToString()));
        }
        else
        {
            Log.OriginNotAllowed(logger, Printable(request.Headers.Origin.ToString()), Printable(request.Host.Value ?? string.Empty));
        }
    }

    private static string Printable(string text)
    {
        text = text.Length > MaxOrigin ? text[..MaxOrigin] : text;
        return string.Concat(text.Where(static c => c is > ' ' and < (char)127));
    }
}
