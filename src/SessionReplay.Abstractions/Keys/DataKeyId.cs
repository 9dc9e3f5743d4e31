namespace SessionReplay.Keys;

/// <summary>Names a data key.</summary>
/// <param name="Tenant">The tenant that owns it.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Id">The session id for a session's key, the asset's <see cref="Catalog.AssetEntry.Key"/> for an asset's,
/// <see cref="Guid.Empty"/> for a tenant's own.</param>
public readonly record struct DataKeyId(TenantId Tenant, DataKeyPurpose Purpose, Guid Id)
{
    /// <summary>Names the key of a session.</summary>
    /// <param name="session">The session.</param>
    /// <returns>The key's name.</returns>
    public static DataKeyId OfSession(SessionRef session) => new(session.Tenant, DataKeyPurpose.Session, session.Session.Value);

    /// <summary>Names the key of an asset.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="key">The asset's <see cref="Catalog.AssetEntry.Key"/>.</param>
    /// <returns>The key's name.</returns>
    public static DataKeyId OfAsset(TenantId tenant, Guid key) => new(tenant, DataKeyPurpose.Asset, key);

    /// <inheritdoc/>
    public override string ToString() => $"{Tenant}/{Purpose}/{Id:N}";
}
