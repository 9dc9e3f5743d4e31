using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The key store behind its pipeline.</summary>
internal sealed class GuardedKeyStore(IKeyStore inner, DependencyPipeline pipeline) : IKeyStore
{
    public ValueTask<DataKeyEntry?> FindAsync(DataKeyId id, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, id), static (call, token) => call.inner.FindAsync(call.id, token), cancellationToken);

    public ValueTask<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> FindManyAsync(
        IReadOnlyCollection<DataKeyId> ids, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, ids), static (call, token) => call.inner.FindManyAsync(call.ids, token), cancellationToken);

    public ValueTask<DataKeyEntry> GetOrAddAsync(DataKeyEntry candidate, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, candidate), static (call, token) => call.inner.GetOrAddAsync(call.candidate, token), cancellationToken);

    public ValueTask DeleteAsync(DataKeyId id, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, id), static (call, token) => call.inner.DeleteAsync(call.id, token), cancellationToken);
}
