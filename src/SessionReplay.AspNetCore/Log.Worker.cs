using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <content>Worker and lifecycle: event ids from 200.</content>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Warning, "The queue is unavailable; trying again in {Pause}.")]
    public static partial void QueueUnavailable(ILogger logger, TimeSpan pause, Exception exception);

    [LoggerMessage(201, LogLevel.Warning, "{Count} messages went back to the queue: something they need is unavailable.")]
    public static partial void GroupGivenBack(ILogger logger, int count, Exception exception);

    [LoggerMessage(202, LogLevel.Error, "The message {MessageId} could not be stored; trying it again after a delay.")]
    public static partial void MessageFailed(ILogger logger, string messageId, Exception exception);

    [LoggerMessage(214, LogLevel.Warning, "One of {Count} messages cannot be stored; storing them in smaller groups.")]
    public static partial void GroupSplit(ILogger logger, int count, Exception exception);

    [LoggerMessage(203, LogLevel.Error, "The message {MessageId} cannot be stored; it is a dead letter now.")]
    public static partial void DeadLettered(ILogger logger, string messageId, Exception exception);

    [LoggerMessage(219, LogLevel.Error, "Batch {MessageId} has the number of another one that was recorded before; it was dead-lettered.")]
    public static partial void BatchConflict(ILogger logger, string messageId);

    [LoggerMessage(204, LogLevel.Warning, "A sweep over the sessions ended early; it goes on at the next.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(212, LogLevel.Error, "A sweep over the sessions ended with an error of ours; it is tried again at the next.")]
    public static partial void SweepBroke(ILogger logger, Exception exception);

    [LoggerMessage(205, LogLevel.Information, "Compacted {Session}: {Chunks} chunks.")]
    public static partial void Compacted(ILogger logger, SessionRef session, int chunks);

    [LoggerMessage(206, LogLevel.Information, "Deleted {Session}, reason: {Reason}.")]
    public static partial void SessionDeleted(ILogger logger, SessionRef session, string reason);

    [LoggerMessage(215, LogLevel.Information, "Destroying the key of {Session}, reason: {Reason}; its objects and rows follow.")]
    public static partial void SessionKeyDestroyed(ILogger logger, SessionRef session, string reason);

    [LoggerMessage(218, LogLevel.Information, "Deleted {Count} assets of tenant {Tenant} that no session names.")]
    public static partial void AssetsDeleted(ILogger logger, int count, TenantId tenant);

    [LoggerMessage(231, LogLevel.Error, "Session {Session} is past its retention, and its deletion failed. The other sessions go on; it is tried again at the next sweep.")]
    public static partial void DeletionFailed(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(230, LogLevel.Information, "Removed {Count} dead letters past Worker:DeadLetterRetention.")]
    public static partial void DeadLettersRemoved(ILogger logger, int count);

    [LoggerMessage(216, LogLevel.Error, "The clock jumped by {Jump}; retention deletes nothing for {Pause}. Check the time of this machine.")]
    public static partial void ClockJumped(ILogger logger, TimeSpan jump, TimeSpan pause);

    [LoggerMessage(217, LogLevel.Error, "Retention of tenant {Tenant} has stopped: {Overdue} of {All} sessions are overdue by more than {Grace}. The time is {Now:O}. If that is right, run 'session-replay apply-retention {Tenant} --confirm'.")]
    public static partial void RetentionStopped(ILogger logger, TenantId tenant, long overdue, long all, TimeSpan grace, DateTimeOffset now);

    [LoggerMessage(222, LogLevel.Error, "The clock says {Now:O}, and {Witness} {Seen:O}. Retention deletes nothing until they agree, or until the clock has run for {Proof} without a jump. Check the time of this machine; 'session-replay apply-retention' deletes at once.")]
    public static partial void ClockUnconfirmed(ILogger logger, DateTimeOffset now, string witness, DateTimeOffset? seen, TimeSpan proof);

    [LoggerMessage(223, LogLevel.Information, "Destroyed the keys of {Count} sessions of tenant {Tenant} that are past their retention and not in the catalog.")]
    public static partial void OrphanKeysDestroyed(ILogger logger, int count, TenantId tenant);

    [LoggerMessage(224, LogLevel.Information, "Removed {Count} tombstones older than {Age}.")]
    public static partial void TombstonesRemoved(ILogger logger, int count, TimeSpan age);

    [LoggerMessage(225, LogLevel.Error, "The catalog or the key store has tenants that are not in SessionReplay:Tenants: {Tenants}. Their sessions are not shown and no retention ends them. Configure them, or run 'session-replay delete-tenant'.")]
    public static partial void UnknownTenants(ILogger logger, string tenants);

    [LoggerMessage(209, LogLevel.Warning, "The key of {Session} is deleted, its objects or rows not yet; the next sweep goes on.")]
    public static partial void DeletionInterrupted(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(210, LogLevel.Warning, "The claim of {Session} could not be renewed; trying again.")]
    public static partial void ClaimNotRenewed(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(211, LogLevel.Information, "Another process compacts {Session}, or it was deleted: what this one had begun is dropped.")]
    public static partial void ClaimLost(ILogger logger, SessionRef session);

    [LoggerMessage(213, LogLevel.Warning, "The parts of {Session}, which is compacted, could not be deleted yet; the next sweep tries again.")]
    public static partial void ReplacedNotDeleted(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(208, LogLevel.Information, "Deleted {Count} objects of {Session}, which is not in the catalog and past its retention.")]
    public static partial void OrphansDeleted(ILogger logger, SessionRef session, int count);

    [LoggerMessage(207, LogLevel.Error, "The session {Session} could not be compacted; its parts stay as they are and it is tried again.")]
    public static partial void CompactionFailed(ILogger logger, SessionRef session, Exception exception);
}
