using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The topics of {Topic} are there")]
    internal static partial void Declared(ILogger logger, string topic);

    [LoggerMessage(2, LogLevel.Error, "Consuming failed; the next try is in {Delay}")]
    internal static partial void ConsumerFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Message {MessageId} became a dead letter after {Attempts} deliveries: {Reason}")]
    internal static partial void DeadLettered(ILogger logger, string messageId, int attempts, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Offsets could not be committed; what they cover may be delivered again")]
    internal static partial void CommitFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "The client reports {Code}: {Reason}")]
    internal static partial void ClientError(ILogger logger, string code, string reason);

    [LoggerMessage(6, LogLevel.Warning, "{Count} deliveries of partitions that went to another consumer were not settled in {Timeout}; they are delivered again")]
    internal static partial void Lost(ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(7, LogLevel.Information, "Partitions assigned: {Assigned}, revoked: {Revoked}")]
    internal static partial void Rebalanced(ILogger logger, int assigned, int revoked);

    [LoggerMessage(8, LogLevel.Warning, "A message could not be consumed")]
    internal static partial void ConsumeFailed(ILogger logger, Exception exception);
}
