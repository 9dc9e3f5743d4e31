namespace SessionReplay.Keys;

/// <summary>Gives the ciphers of a tenant's own keys; makes a key at its first use. The errors are those of <see cref="ISessionCipherProvider"/>.</summary>
public interface ITenantCipherProvider
{
    /// <summary>Gets the cipher of the tenant's metadata.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use.</returns>
    ValueTask<IFieldProtector> GetFieldProtectorAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Gets the cipher of the tenant's assets.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use.</returns>
    ValueTask<IAssetCipher> GetAssetCipherAsync(TenantId tenant, CancellationToken cancellationToken);
}
