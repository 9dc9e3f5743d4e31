namespace SessionReplay.Keys;

/// <summary>What rotation needs of a key store: recordings are never touched, only their keys are wrapped again.</summary>
public interface IKeyRotationStore
{
    /// <summary>Lists entries that are not wrapped by the given key-encryption key.</summary>
    /// <param name="keyEncryptionKeyId">The current key-encryption key.</param>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number of entries, from 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entries, in an order that does not change; empty when all behind <paramref name="after"/> are wrapped by it.</returns>
    ValueTask<IReadOnlyList<DataKeyEntry>> ListNotWrappedByAsync(
        string keyEncryptionKeyId, DataKeyId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Replaces a wrapped key if it is still the expected one.</summary>
    /// <param name="expected">The entry as it was read.</param>
    /// <param name="replacement">The same data key, wrapped again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was replaced; <see langword="false"/> when it was deleted or replaced in between.</returns>
    ValueTask<bool> TryReplaceAsync(DataKeyEntry expected, WrappedKey replacement, CancellationToken cancellationToken);

    /// <summary>Removes a key without a tombstone, so that it can be made again, if it is still the expected one.</summary>
    /// <param name="expected">The entry as it was read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was removed.</returns>
    ValueTask<bool> TryRemoveAsync(DataKeyEntry expected, CancellationToken cancellationToken);
}
