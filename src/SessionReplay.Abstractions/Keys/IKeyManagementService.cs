namespace SessionReplay.Keys;

/// <summary>Wraps and unwraps data keys with key-encryption keys that never leave it.</summary>
public interface IKeyManagementService
{
    /// <summary>Gets the id of the key-encryption key that <see cref="WrapAsync"/> uses now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The id; rotation re-wraps what carries another.</returns>
    /// <exception cref="KeyManagementException">The service cannot be used.</exception>
    ValueTask<string> GetCurrentKeyIdAsync(CancellationToken cancellationToken);

    /// <summary>Wraps a data key.</summary>
    /// <param name="id">The key's name; it is bound to the result as associated data.</param>
    /// <param name="key">32 bytes. The callee does not keep them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The wrapped key.</returns>
    /// <exception cref="KeyManagementException">The service cannot be used.</exception>
    ValueTask<WrappedKey> WrapAsync(DataKeyId id, ReadOnlyMemory<byte> key, CancellationToken cancellationToken);

    /// <summary>Unwraps a data key.</summary>
    /// <param name="id">The name it was wrapped under.</param>
    /// <param name="wrapped">The wrapped key.</param>
    /// <param name="destination">Takes the 32 bytes; the caller zeroes them after use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when <paramref name="destination"/> is filled.</returns>
    /// <exception cref="KeyManagementException">The service cannot be used, does not know the key-encryption key, or the wrapped key is not
    /// authentic.</exception>
    ValueTask UnwrapAsync(DataKeyId id, WrappedKey wrapped, Memory<byte> destination, CancellationToken cancellationToken);
}
