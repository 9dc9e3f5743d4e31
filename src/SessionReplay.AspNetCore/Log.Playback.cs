using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <content>Playback: event ids from 300.</content>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Error, "A stored part of a recording is damaged or was tampered with: {Path}")]
    public static partial void ChunkCorrupt(ILogger logger, string path, Exception exception);

    [LoggerMessage(301, LogLevel.Warning, "The playback request {Action} could not be answered.")]
    public static partial void PlaybackFailed(ILogger logger, string action, Exception exception);
}
