namespace SessionReplay.Keys;

/// <summary>What the end of keys needs of a key store; implemented by the class that implements <see cref="IKeyStore"/>.</summary>
/// <remarks>
/// Every member throws <see cref="KeyStoreUnavailableException"/> when the store cannot be reached; the call may be made again.
/// </remarks>
public interface IKeyLifecycle
{
    /// <summary>Lists the tenants that have keys. Tombstones do not count.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tenants, each once.</returns>
    ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken);

    /// <summary>Lists keys of a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="purpose">What the keys are for.</param>
    /// <param name="createdBefore">Lists those made before this.</param>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The names of the keys, in an order that does not change; fewer than <paramref name="limit"/> when there are no
    /// more.</returns>
    ValueTask<IReadOnlyList<DataKeyId>> ListKeysAsync(
        TenantId tenant, DataKeyPurpose purpose, DateTimeOffset createdBefore, DataKeyId? after, int limit,
        CancellationToken cancellationToken);

    /// <summary>Removes tombstones of keys that were deleted long ago.</summary>
    /// <param name="deletedBefore">Removes those of keys deleted before this.</param>
    /// <param name="limit">The greatest number, from 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed.</returns>
    ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken);
}
