using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <summary>The log messages of this package. Event ids: the start from 1, ingest from 100, worker from 200, playback from 300.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Setting}")]
    public static partial void SettingUnused(ILogger logger, string setting);

    [LoggerMessage(2, LogLevel.Critical, "Nothing can be recorded or played: keys cannot be used. {Reason}")]
    public static partial void KeysUnusable(ILogger logger, string reason);

    [LoggerMessage(100, LogLevel.Warning, "A request of a page was refused with {Code}; it will be sent again.")]
    public static partial void RequestNotAccepted(ILogger logger, string code, Exception exception);
}
