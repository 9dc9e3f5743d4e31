using Microsoft.Extensions.Logging;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Error, "The {Dependency} keeps failing; not calling it for {Break}.")]
    public static partial void BreakerOpened(ILogger logger, string dependency, TimeSpan @break, Exception exception);

    [LoggerMessage(401, LogLevel.Information, "The {Dependency} has recovered.")]
    public static partial void BreakerClosed(ILogger logger, string dependency);

    [LoggerMessage(402, LogLevel.Debug, "A call to the {Dependency} failed; retrying in {Delay}.")]
    public static partial void CallRepeated(ILogger logger, string dependency, TimeSpan delay, Exception? exception);
}
