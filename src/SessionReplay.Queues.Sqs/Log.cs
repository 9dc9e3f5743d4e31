using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Sqs;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Found SQS queue {Queue}, which accepts {MaxMessageBytes} bytes a message")]
    internal static partial void Found(ILogger logger, string queue, int maxMessageBytes);

    [LoggerMessage(2, LogLevel.Information, "Created SQS queue {Queue}")]
    internal static partial void Created(ILogger logger, string queue);

    [LoggerMessage(3, LogLevel.Error, "The SQS queues cannot be found; retrying on the next call")]
    internal static partial void FindFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "SQS queue {Queue} has no redrive policy, so a message that crashes its consumers is delivered forever. Add a redrive policy "
        + "with the dead-letter queue as its target")]
    internal static partial void NoRedrivePolicy(ILogger logger, string queue);

    [LoggerMessage(
        8,
        LogLevel.Warning,
        "The visibility timeout of {MessageId} expired before it was settled; the message may be delivered again")]
    internal static partial void LeaseLost(ILogger logger, string messageId);
}
