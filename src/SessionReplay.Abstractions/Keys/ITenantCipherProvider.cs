namespace SessionReplay.Keys;

/// <summary>Gives the ciphers of a tenant's own keys; makes a key at its first use. The errors are those of <see cref="ISessionCipherProvider"/>.</summary>
public interface ITenantCipherProvider
{
    /// <summary>Gets what makes the tenant's blind indexes.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The indexer; dispose it after use.</returns>
    ValueTask<IBlindIndexer> GetBlindIndexerAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Gets the cipher of the tenant's assets.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use.</returns>
    ValueTask<IAssetCipher> GetAssetCipherAsync(TenantId tenant, CancellationToken cancellationToken);
}
