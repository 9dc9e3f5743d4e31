using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

/// <summary>The lines that all queues log. Their event ids begin at 100: lower ones are the package's own.</summary>
internal static partial class QueueLog
{
    [LoggerMessage(100, LogLevel.Warning, "Message {MessageId} became a dead letter after {Attempts} deliveries: {Reason}")]
    internal static partial void DeadLettered(ILogger logger, string messageId, int attempts, string reason);

    [LoggerMessage(101, LogLevel.Debug, "Could not give a delivery back; it is delivered again when its lease expires")]
    internal static partial void GiveBackFailed(ILogger logger, Exception exception);

    [LoggerMessage(102, LogLevel.Warning, "Could not renew a lease; retrying")]
    internal static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(103, LogLevel.Debug, "Could not receive messages; retrying on the next receive")]
    internal static partial void ReceiveFailed(ILogger logger, Exception exception);
}
