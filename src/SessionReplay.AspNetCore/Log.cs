using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <summary>The log messages of this package. Event ids: ingest from 100, worker from 200, playback from 300.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "A batch of {Session} could not be accepted, the page was told to send it again: {Reason}")]
    public static partial void BatchNotAccepted(ILogger logger, SessionId session, string reason, Exception exception);
}
