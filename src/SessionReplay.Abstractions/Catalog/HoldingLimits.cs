namespace SessionReplay.Catalog;

/// <summary>The limits above which a live session, or the late chunks of a compacted one, are written to an object.</summary>
/// <param name="Bytes">The size of the session's chunks in the catalog, in bytes.</param>
/// <param name="Age">How long the oldest of them has been there.</param>
public readonly record struct HoldingLimits(long Bytes, TimeSpan Age);
