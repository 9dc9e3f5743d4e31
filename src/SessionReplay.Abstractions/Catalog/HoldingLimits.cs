namespace SessionReplay.Catalog;

/// <summary>How much of a live session a catalog holds; what goes beyond is written to an object before the session ends.</summary>
/// <param name="Bytes">The size of the session's chunks in the catalog, in bytes.</param>
/// <param name="Age">How long the oldest of them has been there.</param>
public readonly record struct HoldingLimits(long Bytes, TimeSpan Age);
