namespace SessionReplay.Keys;

/// <summary>A row of the key store.</summary>
/// <param name="Id">The key's name.</param>
/// <param name="Key">The wrapped key.</param>
/// <param name="CreatedAt">When the key was made, on the server's clock, in whole milliseconds.</param>
public sealed record DataKeyEntry(DataKeyId Id, WrappedKey Key, DateTimeOffset CreatedAt);
