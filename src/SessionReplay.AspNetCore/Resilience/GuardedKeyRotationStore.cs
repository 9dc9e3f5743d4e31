using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>What rotation needs of the key store, behind its circuit.</summary>
internal sealed class GuardedKeyRotationStore(IKeyRotationStore inner, Circuit circuit) : IKeyRotationStore
{
    public ValueTask<IReadOnlyList<DataKeyEntry>> ListNotWrappedByAsync(
        string keyEncryptionKeyId, DataKeyId? after, int limit, CancellationToken cancellationToken) =>
        circuit.RepeatAsync(
            (inner, keyEncryptionKeyId, after, limit),
            static (call, token) => call.inner.ListNotWrappedByAsync(call.keyEncryptionKeyId, call.after, call.limit, token),
            cancellationToken);

    public ValueTask<bool> TryReplaceAsync(DataKeyEntry expected, WrappedKey replacement, CancellationToken cancellationToken) =>
        circuit.RepeatAsync(
            (inner, expected, replacement), static (call, token) => call.inner.TryReplaceAsync(call.expected, call.replacement, token), cancellationToken);

    public ValueTask<bool> TryRemoveAsync(DataKeyEntry expected, CancellationToken cancellationToken) =>
        circuit.RepeatAsync((inner, expected), static (call, token) => call.inner.TryRemoveAsync(call.expected, token), cancellationToken);
}
