namespace SessionReplay.Keys;

/// <summary>A row of the key store.</summary>
/// <param name="Id">The key's name.</param>
/// <param name="Key">The wrapped key.</param>
/// <param name="CreatedAt">When the key was made, on the server's clock, in whole milliseconds.</param>
public sealed record DataKeyEntry(DataKeyId Id, WrappedKey Key, DateTimeOffset CreatedAt)
{
    /// <summary>
    /// Gets the SHA-256 of the session's secret (docs/format/v1.md, section 2.1); empty for a tenant's own keys. It never changes.
    /// </summary>
    public ReadOnlyMemory<byte> SecretHash { get; init; }

    /// <summary>
    /// Gets the session's facts key, wrapped by the tenant's metadata key (docs/format/v1.md, section 6.1); empty for a tenant's own keys.
    /// It never changes.
    /// </summary>
    public ReadOnlyMemory<byte> SealedFactsKey { get; init; }
}
