using Microsoft.Extensions.Logging;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// The log messages of this folder. Event ids of the package: hosting and keys from 1, ingest from 100, worker and lifecycle from 200,
/// playback from 300, resilience from 400.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(204, LogLevel.Warning, "Session sweep ended early; continuing with the next run.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(212, LogLevel.Error, "Session sweep failed unexpectedly; retrying on the next run.")]
    public static partial void SweepBroke(ILogger logger, Exception exception);

    [LoggerMessage(205, LogLevel.Information, "Compacted {Session}: {Chunks} chunks.")]
    public static partial void Compacted(ILogger logger, SessionRef session, int chunks);

    [LoggerMessage(206, LogLevel.Information, "Deleted {Session}, reason: {Reason}.")]
    public static partial void SessionDeleted(ILogger logger, SessionRef session, string reason);

    [LoggerMessage(215, LogLevel.Information, "Destroying the key of {Session}, reason: {Reason}; its objects and rows follow.")]
    public static partial void SessionKeyDestroyed(ILogger logger, SessionRef session, string reason);

    [LoggerMessage(218, LogLevel.Information, "Deleted {Count} assets of tenant {Tenant} that no session names.")]
    public static partial void AssetsDeleted(ILogger logger, int count, TenantId tenant);

    [LoggerMessage(232, LogLevel.Information, "Deleted {Count} assets of tenant {Tenant} that are not in the catalog.")]
    public static partial void OrphanAssetsDeleted(ILogger logger, int count, TenantId tenant);

    [LoggerMessage(
        233, LogLevel.Error,
        "The catalog does not contain {Orphans} of {All} assets of tenant {Tenant}; deleting none of them. If this is the right catalog, run 'session-replay apply-retention {Tenant} --confirm'.")]
    public static partial void OrphanAssetsStopped(ILogger logger, TenantId tenant, int orphans, int all);

    [LoggerMessage(231, LogLevel.Error, "Could not delete session {Session}, which is past its retention; retrying on the next sweep.")]
    public static partial void DeletionFailed(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(
        216, LogLevel.Error, "The clock jumped by {Jump}; retention deletes nothing for {Pause}. Check the time of this machine.")]
    public static partial void ClockJumped(ILogger logger, TimeSpan jump, TimeSpan pause);

    [LoggerMessage(
        217, LogLevel.Error,
        "Retention of tenant {Tenant} has stopped: {Overdue} of {All} sessions are overdue by more than {Grace}. The time is {Now:O}. If that is right, run 'session-replay apply-retention {Tenant} --confirm'.")]
    public static partial void RetentionStopped(
        ILogger logger, TenantId tenant, long overdue, long all, TimeSpan grace, DateTimeOffset now);

    [LoggerMessage(
        222, LogLevel.Error,
        "The clock of this machine shows {Now:O}, but {Witness} {Seen:O}. Retention deletes nothing until they agree, or until the clock has run for {Proof} without a jump. Check the time of this machine; 'session-replay apply-retention' deletes immediately.")]
    public static partial void ClockUnconfirmed(ILogger logger, DateTimeOffset now, string witness, DateTimeOffset? seen, TimeSpan proof);

    [LoggerMessage(
        223, LogLevel.Information,
        "Destroyed the keys of {Count} sessions of tenant {Tenant} that are past their retention and not in the catalog.")]
    public static partial void OrphanKeysDestroyed(ILogger logger, int count, TenantId tenant);

    [LoggerMessage(224, LogLevel.Information, "Removed {Count} tombstones older than {Age}.")]
    public static partial void TombstonesRemoved(ILogger logger, int count, TimeSpan age);

    [LoggerMessage(
        225, LogLevel.Error,
        "The catalog or the key store contains tenants that are not in SessionReplay:Tenants: {Tenants}. Their sessions are not shown and never deleted. Configure these tenants, or run 'session-replay delete-tenant'.")]
    public static partial void UnknownTenants(ILogger logger, string tenants);

    [LoggerMessage(
        209, LogLevel.Warning, "Destroyed the key of {Session}, but could not delete its objects or rows; retrying on the next sweep.")]
    public static partial void DeletionInterrupted(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(210, LogLevel.Warning, "Could not renew the compaction claim of {Session}; retrying.")]
    public static partial void ClaimNotRenewed(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(211, LogLevel.Information, "{Session} was deleted or is compacted by another process; dropping this process's work.")]
    public static partial void ClaimLost(ILogger logger, SessionRef session);

    [LoggerMessage(213, LogLevel.Warning, "Could not delete the parts of compacted session {Session}; retrying on the next sweep.")]
    public static partial void ReplacedNotDeleted(ILogger logger, SessionRef session, Exception exception);

    [LoggerMessage(208, LogLevel.Information, "Deleted {Count} objects of {Session}, which is not in the catalog and past its retention.")]
    public static partial void OrphansDeleted(ILogger logger, SessionRef session, int count);

    [LoggerMessage(207, LogLevel.Error, "Could not compact {Session}; its parts stay and compaction is retried.")]
    public static partial void CompactionFailed(ILogger logger, SessionRef session, Exception exception);
}
