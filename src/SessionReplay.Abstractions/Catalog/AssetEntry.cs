
namespace SessionReplay.Catalog;

/// <summary>An asset as the catalog keeps it.</summary>
public sealed record AssetEntry
{
    /// <summary>Gets the tenant.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Gets the asset's name.</summary>
    public required ContentHash Hash { get; init; }

    /// <summary>
    /// Gets the name of its key and of its object: the key is <see cref="Keys.DataKeyId.OfAsset"/>. Content that comes again after it was
    /// deleted has another.
    /// </summary>
    public required Guid Key { get; init; }

    /// <summary>Gets the size of its object in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>
    /// Gets the assets that its content names, such as the fonts of a stylesheet; at most 1,024. A catalog ignores those it does not know.
    /// </summary>
    public IReadOnlyList<ContentHash> Names { get; init; } = [];

    /// <summary>Gets bits that stand for the networks that it was sent from.</summary>
    public long Senders { get; init; }

    /// <summary>Gets what counts against the tenant's room: a row costs something too.</summary>
    public long Charge => ChargeOf(Bytes);

    /// <summary>Gets how much of a tenant's room assets have that no session has named yet.</summary>
    /// <param name="maxBytes">The room.</param>
    /// <returns>A twentieth, and 16 MiB at least.</returns>
    public static long UnnamedShare(long maxBytes) => Math.Max(maxBytes / 20, 16 << 20);

    /// <summary>Gets what an object of a size counts against the tenant's room.</summary>
    /// <param name="bytes">The size of the object.</param>
    /// <returns>The size, and 4,096 at least.</returns>
    public static long ChargeOf(long bytes) => Math.Max(bytes, 4_096);
}
