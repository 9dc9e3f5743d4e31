using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Error, "A stored object is damaged or was tampered with: {Path}")]
    public static partial void ChunkCorrupt(ILogger logger, string path, Exception exception);

    [LoggerMessage(301, LogLevel.Warning, "Could not answer the playback request {Action}.")]
    public static partial void PlaybackFailed(ILogger logger, string action, Exception exception);
}
