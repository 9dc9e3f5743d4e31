using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.RabbitMQ;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected to RabbitMQ, queue {Queue}")]
    internal static partial void Connected(ILogger logger, string queue);

    [LoggerMessage(2, LogLevel.Warning, "The connection to RabbitMQ closed: {Reason}. Reconnecting on the next call")]
    internal static partial void LinkEnded(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "RabbitMQ cannot be reached; retrying in {Delay}")]
    internal static partial void ConnectFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Closing the connection to RabbitMQ failed; continuing")]
    internal static partial void CloseFailed(ILogger logger, Exception exception);
}
