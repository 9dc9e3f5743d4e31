namespace SessionReplay;

/// <summary>Names a session of a tenant.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Session">The session.</param>
public readonly record struct SessionRef(TenantId Tenant, SessionId Session)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Tenant}/{Session}";
}
