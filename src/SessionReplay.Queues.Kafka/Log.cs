using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Kafka topics for {Topic} are ready")]
    internal static partial void Declared(ILogger logger, string topic);

    [LoggerMessage(2, LogLevel.Error, "Consuming failed; retrying in {Delay}")]
    internal static partial void ConsumerFailed(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(
        4,
        LogLevel.Warning,
        "Could not commit offsets ({Code}: {Reason}); committing them with the next ones. If that fails, their records are delivered "
        + "again")]
    internal static partial void CommitFailed(ILogger logger, string code, string reason);

    [LoggerMessage(5, LogLevel.Warning, "The client reports {Code}: {Reason} ({Held} more of these before)")]
    internal static partial void ClientError(ILogger logger, string code, string reason, int held);

    [LoggerMessage(
        6,
        LogLevel.Warning,
        "{Count} deliveries of revoked partitions were not settled within {Timeout}; they are delivered again")]
    internal static partial void Lost(ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(7, LogLevel.Information, "Partitions assigned: {Assigned}, revoked: {Revoked}")]
    internal static partial void Rebalanced(ILogger logger, int assigned, int revoked);

    [LoggerMessage(8, LogLevel.Error, "Cannot read record {Topic} {Partition} {Offset}; skipping it")]
    internal static partial void RecordUnreadable(ILogger logger, string topic, int partition, long offset, Exception exception);

    [LoggerMessage(
        9,
        LogLevel.Error,
        "{Count} records of {Topic} {Partition} before {Offset} were removed before they were handled. Look at retention.ms and "
        + "retention.bytes of the topic")]
    internal static partial void Removed(ILogger logger, long count, string topic, int partition, long offset);

    [LoggerMessage(10, LogLevel.Warning, "Could not query the age of the oldest message")]
    internal static partial void PeekFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        11,
        LogLevel.Warning,
        "The client could not leave its group cleanly; its partitions are reassigned after SessionTimeout")]
    internal static partial void CloseFailed(ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "The client says {Facility}: {Text} ({Held} more of these before)")]
    internal static partial void ClientWarning(ILogger logger, string facility, string text, int held);

    [LoggerMessage(
        13,
        LogLevel.Information,
        "The brokers did not delete the processed records of {Topic}; the topic's retention removes them")]
    internal static partial void RecordsKept(ILogger logger, string topic, Exception exception);
}
