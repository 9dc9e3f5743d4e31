using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.RabbitMQ;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected to RabbitMQ, queue {Queue}")]
    internal static partial void Connected(ILogger logger, string queue);

    [LoggerMessage(2, LogLevel.Warning, "The link to RabbitMQ has ended: {Reason}. The next call makes a new one")]
    internal static partial void LinkEnded(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "RabbitMQ cannot be reached; the next try is in {Delay}")]
    internal static partial void ConnectFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Message {MessageId} became a dead letter after {Attempts} deliveries: {Reason}")]
    internal static partial void DeadLettered(ILogger logger, string messageId, int attempts, string reason);

    [LoggerMessage(5, LogLevel.Debug, "A delivery could not be given back; the broker takes it back when the link ends")]
    internal static partial void ReleaseFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Closing the link to RabbitMQ failed")]
    internal static partial void CloseFailed(ILogger logger, Exception exception);
}
