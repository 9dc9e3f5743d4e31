using Microsoft.Extensions.Logging;

namespace SessionReplay.Pipeline.Worker;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(403, LogLevel.Warning, "Could not read the queue's status; its metrics stop until this succeeds.")]
    public static partial void QueueStatusFailed(ILogger logger, Exception exception);

    [LoggerMessage(404, LogLevel.Warning, "Could not read the size of the catalog; its metrics stop until this succeeds.")]
    public static partial void CatalogSpaceUnknown(ILogger logger, Exception exception);

    [LoggerMessage(
        236, LogLevel.Error,
        "The catalog takes {Used} bytes and may take {Max}; nothing more is recorded. Sessions leave it for the blob store when they end.")]
    public static partial void CatalogFull(ILogger logger, long used, long max);

    [LoggerMessage(200, LogLevel.Warning, "The queue is unavailable; retrying in {Pause}.")]
    public static partial void QueueUnavailable(ILogger logger, TimeSpan pause, Exception exception);

    [LoggerMessage(201, LogLevel.Warning, "Returned {Count} messages to the queue, because a dependency is unavailable.")]
    public static partial void GroupGivenBack(ILogger logger, int count, Exception exception);

    [LoggerMessage(202, LogLevel.Error, "Could not store message {MessageId}; retrying after a delay.")]
    public static partial void MessageFailed(ILogger logger, string messageId, Exception exception);

    [LoggerMessage(214, LogLevel.Warning, "Could not store one of {Count} messages; storing them in smaller groups.")]
    public static partial void GroupSplit(ILogger logger, int count, Exception exception);

    [LoggerMessage(203, LogLevel.Error, "Message {MessageId} cannot be stored; it became a dead letter.")]
    public static partial void DeadLettered(ILogger logger, string messageId, Exception exception);

    [LoggerMessage(219, LogLevel.Error, "Batch {MessageId} has the number of another recorded batch; it became a dead letter.")]
    public static partial void BatchConflict(ILogger logger, string messageId);

    [LoggerMessage(230, LogLevel.Information, "Removed {Count} dead letters past Worker:DeadLetterRetention.")]
    public static partial void DeadLettersRemoved(ILogger logger, int count);

    [LoggerMessage(234, LogLevel.Information, "Removed {Count} audit rows older than Worker:AuditRetention ({Age}).")]
    public static partial void AuditRowsRemoved(ILogger logger, int count, TimeSpan age);

    [LoggerMessage(
        235, LogLevel.Error, "The oldest audit rows do not match their hash chain; keeping them. Run 'session-replay verify-audit'.")]
    public static partial void AuditBroken(ILogger logger, Exception exception);
}
