using Microsoft.Extensions.Logging;

namespace SessionReplay.Pipeline.Keys;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(2, LogLevel.Critical, "Keys cannot be used, so nothing can be recorded or played. {Reason}")]
    public static partial void KeysUnusable(ILogger logger, string reason);
}
