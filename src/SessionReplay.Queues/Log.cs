using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Opened the queue {Path}")]
    internal static partial void Opened(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Error, "Writing the queue's file failed; {Operations} operations were not confirmed: {Reason}")]
    internal static partial void Failed(ILogger logger, int operations, string reason, Exception exception);

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "{Count} messages were leased by processes that ended without settling them; they are delivered again")]
    internal static partial void Recovered(ILogger logger, int count);

    [LoggerMessage(4, LogLevel.Warning, "Could not renew {Count} leases; their messages may be delivered to other workers")]
    internal static partial void LeasesLost(ILogger logger, int count);

    [LoggerMessage(
        7,
        LogLevel.Warning,
        "Dead letter {MessageId} was removed: there are more than MaxDeadLetters or MaxDeadLetterBytes allow")]
    internal static partial void DeadLetterRemoved(ILogger logger, string messageId);
}
