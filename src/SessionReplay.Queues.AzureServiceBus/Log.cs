using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected to Azure Service Bus, queue {Queue}")]
    internal static partial void Connected(ILogger logger, string queue);

    [LoggerMessage(2, LogLevel.Warning, "The connection to Azure Service Bus has ended: {Reason}. The next call makes a new one")]
    internal static partial void ConnectionEnded(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "Azure Service Bus cannot be reached; the next try is in {Delay}")]
    internal static partial void ConnectFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(4, LogLevel.Warning, "Message {MessageId} became a dead letter after {Attempts} deliveries: {Reason}")]
    internal static partial void DeadLettered(ILogger logger, string messageId, int attempts, string reason);

    [LoggerMessage(5, LogLevel.Debug, "A delivery could not be given back; its lock runs out")]
    internal static partial void ReleaseFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "Closing failed")]
    internal static partial void CloseFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Locks could not be renewed; the next try follows")]
    internal static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "The lock of message {MessageId} is lost; it is delivered again, to anyone")]
    internal static partial void LockLost(ILogger logger, string messageId);

    [LoggerMessage(9, LogLevel.Error, "The token could not be renewed; the next try is in {Delay}")]
    internal static partial void TokenRenewalFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "The token is renewed, the next time in {Delay}")]
    internal static partial void TokenRenewed(ILogger logger, TimeSpan delay);

    [LoggerMessage(11, LogLevel.Warning, "The deferred message {MessageId} could not be fetched; its reminder comes again")]
    internal static partial void DeferredUnavailable(ILogger logger, string messageId, Exception exception);
}
