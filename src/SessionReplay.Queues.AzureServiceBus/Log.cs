using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected to Service Bus queue {Queue}, which accepts {MaxMessageBytes} bytes a message")]
    internal static partial void Connected(ILogger logger, string queue, int maxMessageBytes);

    [LoggerMessage(2, LogLevel.Information, "Created Service Bus queue {Queue}")]
    internal static partial void Created(ILogger logger, string queue);

    [LoggerMessage(3, LogLevel.Error, "Service Bus cannot be reached; retrying on the next call")]
    internal static partial void ConnectFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Closing a link failed; continuing")]
    internal static partial void CloseFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "The lock of message {MessageId} is lost; the message is delivered again")]
    internal static partial void LockLost(ILogger logger, string messageId);

    [LoggerMessage(10, LogLevel.Error, "The client cannot read a message; receiving one by one until the process ends")]
    internal static partial void Unreadable(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "Removed the {Count} oldest dead letters: there were more than MaxDeadLetters")]
    internal static partial void DeadLettersRemoved(ILogger logger, int count);

    [LoggerMessage(12, LogLevel.Warning, "Counting or removing dead letters beyond MaxDeadLetters failed; retrying after {Count} more")]
    internal static partial void BoundFailed(ILogger logger, int count, Exception exception);
}
