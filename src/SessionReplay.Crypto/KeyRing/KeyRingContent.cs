namespace SessionReplay.Crypto.KeyRing;

/// <summary>What the key ring's file holds.</summary>
internal sealed record KeyRingContent(string Current, IReadOnlyList<KeyRingKey> Keys);
