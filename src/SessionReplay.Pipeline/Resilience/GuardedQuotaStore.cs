using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The counts of quotas behind the catalog's pipeline.</summary>
internal sealed class GuardedQuotaStore(IQuotaStore inner, DependencyPipeline pipeline) : IQuotaStore
{
    /// <summary>Not repeated: what a call whose answer was lost has taken is gone for the period.</summary>
    public ValueTask<QuotaGrant> TakeAsync(
        TenantId tenant, string quota, long amount, QuotaLimit limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, tenant, quota, amount, limit, now),
            static (call, token) => call.inner.TakeAsync(call.tenant, call.quota, call.amount, call.limit, call.now, token),
            cancellationToken);

    public ValueTask<int> RemoveEndedAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, now), static (call, token) => call.inner.RemoveEndedAsync(call.now, token), cancellationToken);
}
