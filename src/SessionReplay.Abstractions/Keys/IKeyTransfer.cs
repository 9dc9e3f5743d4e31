namespace SessionReplay.Keys;

/// <summary>Implemented by a key store whose tombstones can be moved to another.</summary>
public interface IKeyTransfer
{
    /// <summary>Lists the names of keys that were deleted.</summary>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The names in the order of the bytes of their tenant, then of their purpose and id: the same in every store.</returns>
    /// <exception cref="KeyStoreUnavailableException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyList<DataKeyId>> ListDeletedAsync(DataKeyId? after, int limit, CancellationToken cancellationToken);
}
