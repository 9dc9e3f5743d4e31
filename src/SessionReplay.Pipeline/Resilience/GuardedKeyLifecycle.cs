using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>What the end of keys needs of the key store, behind its pipeline.</summary>
internal sealed class GuardedKeyLifecycle(IKeyLifecycle inner, DependencyPipeline pipeline) : IKeyLifecycle
{
    public ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(inner, static (call, token) => call.ListTenantsAsync(token), cancellationToken);

    public ValueTask<IReadOnlyList<DataKeyId>> ListKeysAsync(
        TenantId tenant, DataKeyPurpose purpose, DateTimeOffset createdBefore, DataKeyId? after, int limit,
        CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, purpose, createdBefore, after, limit),
            static (call, token) => call.inner.ListKeysAsync(call.tenant, call.purpose, call.createdBefore, call.after, call.limit, token),
            cancellationToken);

    public ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, deletedBefore, limit), static (call, token) => call.inner.RemoveTombstonesAsync(call.deletedBefore, call.limit, token),
            cancellationToken);
}
