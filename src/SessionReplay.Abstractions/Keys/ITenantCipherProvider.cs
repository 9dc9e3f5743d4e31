namespace SessionReplay.Keys;

/// <summary>
/// Gives the ciphers of a tenant's own keys and of its assets. The errors are those of <see cref="ISessionCipherProvider"/>.
/// </summary>
public interface ITenantCipherProvider
{
    /// <summary>Gets what makes the tenant's blind indexes; makes the key at its first use.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The indexer; dispose it after use.</returns>
    ValueTask<IBlindIndexer> GetBlindIndexerAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Gets the cipher to seal an asset with; makes its key if there is none (atomic over all processes).</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="key">The asset's <see cref="Catalog.AssetEntry.Key"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use. It is not cached, so a deletion shows at once.</returns>
    /// <exception cref="KeyDeletedException">The asset was deleted.</exception>
    ValueTask<IAssetCipher> GetOrCreateAssetCipherAsync(TenantId tenant, Guid key, CancellationToken cancellationToken);

    /// <summary>Gets the cipher to open an asset with.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="key">The asset's <see cref="Catalog.AssetEntry.Key"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use. It is not cached, so a deletion shows at once.</returns>
    /// <exception cref="KeyDeletedException">The asset was deleted, or never had a key.</exception>
    ValueTask<IAssetCipher> GetAssetCipherAsync(TenantId tenant, Guid key, CancellationToken cancellationToken);

    /// <summary>Deletes the key of an asset: from then on nothing opens it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="key">The asset's <see cref="Catalog.AssetEntry.Key"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the deletion is durable.</returns>
    ValueTask DeleteAssetKeyAsync(TenantId tenant, Guid key, CancellationToken cancellationToken);
}
