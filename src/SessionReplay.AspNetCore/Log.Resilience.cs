using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <content>Resilience: event ids from 400.</content>
internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Error, "The {Dependency} keeps failing; not calling it for {Break}.")]
    public static partial void CircuitOpened(ILogger logger, string dependency, TimeSpan @break, Exception exception);

    [LoggerMessage(401, LogLevel.Information, "The {Dependency} is back.")]
    public static partial void CircuitClosed(ILogger logger, string dependency);

    [LoggerMessage(402, LogLevel.Debug, "A call to the {Dependency} failed and is made again in {Delay}.")]
    public static partial void CallRepeated(ILogger logger, string dependency, TimeSpan delay, Exception? exception);

    [LoggerMessage(403, LogLevel.Warning, "The queue's status could not be read; its metrics are silent until it can.")]
    public static partial void QueueStatusFailed(ILogger logger, Exception exception);
}
