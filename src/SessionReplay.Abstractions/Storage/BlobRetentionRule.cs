namespace SessionReplay.Storage;

/// <summary>Tells a store to delete objects by itself when they are old.</summary>
/// <param name="Prefix">The beginning of the keys, for instance <c>shop/</c>.</param>
/// <param name="Days">The age in whole days at which objects are deleted, at least 1.</param>
public sealed record BlobRetentionRule(string Prefix, int Days);
