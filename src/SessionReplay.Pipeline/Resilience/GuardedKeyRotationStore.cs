using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>What rotation needs of the key store, behind its pipeline.</summary>
internal sealed class GuardedKeyRotationStore(IKeyRotationStore inner, DependencyPipeline pipeline) : IKeyRotationStore
{
    public ValueTask<IReadOnlyList<DataKeyEntry>> ListNotWrappedByAsync(
        string keyEncryptionKeyId, DataKeyId? after, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, keyEncryptionKeyId, after, limit),
            static (call, token) => call.inner.ListNotWrappedByAsync(call.keyEncryptionKeyId, call.after, call.limit, token),
            cancellationToken);

    public ValueTask<bool> TryReplaceAsync(DataKeyEntry expected, WrappedKey replacement, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, expected, replacement), static (call, token) => call.inner.TryReplaceAsync(call.expected, call.replacement, token),
            cancellationToken);

    public ValueTask<bool> TryRemoveAsync(DataKeyEntry expected, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, expected), static (call, token) => call.inner.TryRemoveAsync(call.expected, token), cancellationToken);
}
