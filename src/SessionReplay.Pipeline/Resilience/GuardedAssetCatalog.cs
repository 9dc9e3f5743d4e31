using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The catalog of assets behind the catalog's pipeline.</summary>
internal sealed class GuardedAssetCatalog(IAssetCatalog inner, DependencyPipeline pipeline) : IAssetCatalog
{
    public ValueTask<IReadOnlyList<FoundAsset>> FindAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, hashes), static (call, token) => call.inner.FindAsync(call.session, call.hashes, token), cancellationToken);

    public ValueTask<IReadOnlyList<ContentHash>> TouchAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, hashes, now), static (call, token) => call.inner.TouchAsync(call.tenant, call.hashes, call.now, token),
            cancellationToken);

    public ValueTask<AssetRoom> ReserveAsync(AssetEntry asset, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, asset, maxBytes, now), static (call, token) => call.inner.ReserveAsync(call.asset, call.maxBytes, call.now, token),
            cancellationToken);

    public ValueTask<bool> ConfirmAsync(AssetEntry asset, SessionId? session, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, asset, session), static (call, token) => call.inner.ConfirmAsync(call.asset, call.session, token), cancellationToken);

    public ValueTask<IReadOnlyList<AssetEntry>> TakeUnnamedAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, hashes, now), static (call, token) => call.inner.TakeUnnamedAsync(call.tenant, call.hashes, call.now, token),
            cancellationToken);

    /// <summary>Not repeated: what a call whose answer was lost has taken is taken again later.</summary>
    public ValueTask<IReadOnlyList<AssetEntry>> TakeUnusedAsync(
        TenantId tenant, DateTimeOffset usedBefore, DateTimeOffset takenBefore, DateTimeOffset now, int limit,
        CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, tenant, usedBefore, takenBefore, now, limit),
            static (call, token) => call.inner.TakeUnusedAsync(call.tenant, call.usedBefore, call.takenBefore, call.now, call.limit, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<AssetEntry>> TakeAsync(
        TenantId tenant, IReadOnlyCollection<Guid> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, keys, now), static (call, token) => call.inner.TakeAsync(call.tenant, call.keys, call.now, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<Guid>> FindKnownAsync(
        TenantId tenant, IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, keys), static (call, token) => call.inner.FindKnownAsync(call.tenant, call.keys, token), cancellationToken);

    public ValueTask ForgetAsync(TenantId tenant, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, hashes), static (call, token) => call.inner.ForgetAsync(call.tenant, call.hashes, token), cancellationToken);

    public ValueTask<IReadOnlyList<AssetEntry>> ListAsync(
        TenantId tenant, ContentHash? after, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, tenant, after, limit), static (call, token) => call.inner.ListAsync(call.tenant, call.after, call.limit, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<ContentHash>> ListNamedAsync(SessionRef session, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, session), static (call, token) => call.inner.ListNamedAsync(call.session, token), cancellationToken);

    public ValueTask<IReadOnlyDictionary<ContentHash, Guid>> FindKeysAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, hashes), static (call, token) => call.inner.FindKeysAsync(call.session, call.hashes, token),
            cancellationToken);
}
