
namespace SessionReplay.Catalog;

/// <summary>An asset that is there.</summary>
/// <param name="Hash">The asset.</param>
/// <param name="IsNamed">Whether the session that asks names it.</param>
/// <param name="Senders">The bits of <see cref="AssetEntry.Senders"/>.</param>
public readonly record struct FoundAsset(ContentHash Hash, bool IsNamed, long Senders);
