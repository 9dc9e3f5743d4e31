using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The key management behind its pipeline.</summary>
internal sealed class GuardedKeyManagementService(IKeyManagementService inner, DependencyPipeline pipeline) : IKeyManagementService
{
    public ValueTask<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(inner, static (management, token) => management.GetCurrentKeyIdAsync(token), cancellationToken);

    public ValueTask<WrappedKey> WrapAsync(DataKeyId id, ReadOnlyMemory<byte> key, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, id, key), static (call, token) => call.inner.WrapAsync(call.id, call.key, token), cancellationToken);

    public ValueTask UnwrapAsync(DataKeyId id, WrappedKey wrapped, Memory<byte> destination, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, id, wrapped, destination),
            static (call, token) => call.inner.UnwrapAsync(call.id, call.wrapped, call.destination, token), cancellationToken);
}
