namespace SessionReplay.Crypto.KeyRing;

/// <summary>A key-encryption key: its id, when it was made, and its 32 bytes.</summary>
internal sealed record KeyRingKey(string Id, DateTimeOffset CreatedAt, byte[] Key);
