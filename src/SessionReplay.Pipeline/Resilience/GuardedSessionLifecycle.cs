using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The sessions' lifecycle behind the catalog's pipeline.</summary>
internal sealed class GuardedSessionLifecycle(ISessionLifecycle inner, DependencyPipeline pipeline) : ISessionLifecycle
{
    public ValueTask<int> EndSessionsAsync(
        DateTimeOffset idleSince, DateTimeOffset startedBefore, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, idleSince, startedBefore, now),
            static (call, token) => call.inner.EndSessionsAsync(call.idleSince, call.startedBefore, call.now, token),
            cancellationToken);

    /// <summary>
    /// Not repeated: a claim whose answer was lost holds its sessions until it runs out, and a second one would hold others.
    /// </summary>
    public ValueTask<IReadOnlyList<CompactionClaim>> ClaimForCompactionAsync(
        int limit, HoldingLimits limits, DateTimeOffset now, DateTimeOffset claimUntil, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, limit, limits, now, claimUntil),
            static (call, token) => call.inner.ClaimForCompactionAsync(call.limit, call.limits, call.now, call.claimUntil, token),
            cancellationToken);

    public ValueTask<bool> RenewClaimAsync(CompactionClaim claim, DateTimeOffset claimUntil, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, claim, claimUntil), static (call, token) => call.inner.RenewClaimAsync(call.claim, call.claimUntil, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<string>?> CompleteCompactionAsync(
        CompactionClaim claim, CompactedObject written, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, claim, written), static (call, token) => call.inner.CompleteCompactionAsync(call.claim, call.written, token),
            cancellationToken);

    public ValueTask ReclaimSpaceAsync(CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(inner, static (call, token) => call.ReclaimSpaceAsync(token), cancellationToken, pipeline.LongTime);

    public ValueTask<IReadOnlyList<ReplacedObject>> ListReplacedAsync(
        ReplacedObject? after, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, after, limit), static (call, token) => call.inner.ListReplacedAsync(call.after, call.limit, token), cancellationToken);

    public ValueTask ForgetReplacedAsync(SessionRef session, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, keys), static (call, token) => call.inner.ForgetReplacedAsync(call.session, call.keys, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<SessionRow>> ListExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, receivedBefore, limit),
            static (call, token) => call.inner.ListExpiredAsync(call.tenant, call.receivedBefore, call.limit, token),
            cancellationToken);

    public ValueTask<(long Expired, long All)> CountExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, receivedBefore), static (call, token) => call.inner.CountExpiredAsync(call.tenant, call.receivedBefore, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<SessionRow>> ListDeletingAsync(
        TenantId tenant, SessionId? after, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, after, limit), static (call, token) => call.inner.ListDeletingAsync(call.tenant, call.after, call.limit, token),
            cancellationToken);

    public ValueTask<SessionRow?> BeginDeletionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, now), static (call, token) => call.inner.BeginDeletionAsync(call.session, call.now, token), cancellationToken);

    public ValueTask<CatalogClock> ReadClockAsync(TenantId tenant, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, tenant), static (call, token) => call.inner.ReadClockAsync(call.tenant, token), cancellationToken);

    public ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(inner, static (call, token) => call.ListTenantsAsync(token), cancellationToken);

    public ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, deletedBefore, limit), static (call, token) => call.inner.RemoveTombstonesAsync(call.deletedBefore, call.limit, token),
            cancellationToken);

    public ValueTask DeleteSessionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, now), static (call, token) => call.inner.DeleteSessionAsync(call.session, call.now, token), cancellationToken);
}
