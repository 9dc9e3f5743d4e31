using SessionReplay.Format;

namespace SessionReplay.Catalog;

/// <summary>An asset as the catalog keeps it.</summary>
public sealed record AssetEntry
{
    /// <summary>Gets the tenant.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Gets the asset's name.</summary>
    public required ContentHash Hash { get; init; }

    /// <summary>Gets the size of its object in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the assets that its content names, such as the fonts of a stylesheet; at most 1,024. A catalog ignores those it does not know.</summary>
    public IReadOnlyList<ContentHash> Names { get; init; } = [];

    /// <summary>Gets what counts against the tenant's room: a row costs something too.</summary>
    public long Charge => Math.Max(Bytes, 4_096);
}
