using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The queue is open: {Path}")]
    internal static partial void Opened(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Error, "The queue's file failed; {Operations} operations were not confirmed: {Reason}")]
    internal static partial void Failed(ILogger logger, int operations, string reason, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "{Count} messages were leased by processes that ended without giving them back; they are delivered again")]
    internal static partial void Recovered(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Warning, "{Count} leases could not be renewed; their messages may be delivered to others")]
    internal static partial void LeasesLost(ILogger logger, int count);

    [LoggerMessage(5, LogLevel.Warning, "Message {MessageId} became a dead letter after {Attempts} deliveries: {Reason}")]
    internal static partial void DeadLettered(ILogger logger, string messageId, int attempts, string reason);

    [LoggerMessage(6, LogLevel.Warning, "The leases could not be renewed now; the next try follows")]
    internal static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Dead letter {MessageId} was removed: there are more than MaxDeadLetters or MaxDeadLetterBytes allow")]
    internal static partial void DeadLetterRemoved(ILogger logger, string messageId);
}
