using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>The key management behind its circuit.</summary>
internal sealed class GuardedKeyManagementService(IKeyManagementService inner, Circuit circuit) : IKeyManagementService
{
    public ValueTask<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken) =>
        circuit.RepeatAsync(inner, static (management, token) => management.GetCurrentKeyIdAsync(token), cancellationToken);

    public ValueTask<WrappedKey> WrapAsync(DataKeyId id, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        circuit.RepeatAsync((inner, id, key), static (call, token) => call.inner.WrapAsync(call.id, call.key, token), cancellationToken);

    public ValueTask UnwrapAsync(DataKeyId id, WrappedKey wrapped, Memory<byte> destination, CancellationToken cancellationToken) =>
        circuit.RepeatAsync(
            (inner, id, wrapped, destination), static (call, token) => call.inner.UnwrapAsync(call.id, call.wrapped, call.destination, token), cancellationToken);
}
