using SessionReplay.Keys;

namespace SessionReplay.Crypto.Tests.Ciphers;

/// <summary>Counts the calls to a key management service.</summary>
internal sealed class CountingKeyManagement(IKeyManagementService inner) : IKeyManagementService
{
    public int Calls { get; set; }

    public ValueTask<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken)
    {
        Calls++;
        return inner.GetCurrentKeyIdAsync(cancellationToken);
    }

    public ValueTask<WrappedKey> WrapAsync(DataKeyId id, ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        Calls++;
        return inner.WrapAsync(id, key, cancellationToken);
    }

    public ValueTask UnwrapAsync(DataKeyId id, WrappedKey wrapped, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Calls++;
        return inner.UnwrapAsync(id, wrapped, destination, cancellationToken);
    }
}
