using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Nats;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The streams and the consumer of {Stream} are there")]
    internal static partial void Declared(ILogger logger, string stream);

    [LoggerMessage(2, LogLevel.Error, "NATS cannot be reached; the next try is in {Delay}")]
    internal static partial void ConnectFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(3, LogLevel.Warning, "Message {MessageId} became a dead letter after {Attempts} deliveries: {Reason}")]
    internal static partial void DeadLettered(ILogger logger, string messageId, int attempts, string reason);

    [LoggerMessage(4, LogLevel.Debug, "A delivery could not be given back; its lease runs out")]
    internal static partial void ReleaseFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "A lease could not be renewed; the next try follows")]
    internal static partial void RenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Debug, "A message could not be fetched")]
    internal static partial void FetchFailed(ILogger logger, Exception exception);
}
