using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Sqs;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Found the SQS queue {Queue}, which takes {MaxMessageBytes} bytes a message")]
    internal static partial void Found(ILogger logger, string queue, int maxMessageBytes);

    [LoggerMessage(2, LogLevel.Information, "Created the SQS queue {Queue}")]
    internal static partial void Created(ILogger logger, string queue);

    [LoggerMessage(3, LogLevel.Error, "The SQS queues cannot be found; the next call tries again")]
    internal static partial void FindFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "The SQS queue {Queue} has no redrive policy: a message at which its consumers end is delivered for ever. Give it one with the dead letters' queue as its target")]
    internal static partial void NoRedrivePolicy(ILogger logger, string queue);

    [LoggerMessage(5, LogLevel.Warning, "Message {MessageId} became a dead letter after {Attempts} deliveries: {Reason}")]
    internal static partial void DeadLettered(ILogger logger, string messageId, int attempts, string reason);

    [LoggerMessage(6, LogLevel.Debug, "A delivery could not be given back; it is delivered again when its visibility timeout has passed")]
    internal static partial void ReleaseFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "A visibility timeout could not be extended; the next try follows")]
    internal static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "The delivery of {MessageId} is no longer this consumer's: its visibility timeout had passed. The message may be delivered again")]
    internal static partial void LeaseLost(ILogger logger, string messageId);

    [LoggerMessage(9, LogLevel.Debug, "Messages could not be fetched")]
    internal static partial void FetchFailed(ILogger logger, Exception exception);
}
