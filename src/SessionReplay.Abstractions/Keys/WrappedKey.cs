namespace SessionReplay.Keys;

/// <summary>A data key encrypted by a key-encryption key.</summary>
/// <param name="KeyEncryptionKeyId">Names the key-encryption key; at most 512 characters.</param>
/// <param name="Ciphertext">What the key management service made of it; at most 4 KiB.</param>
public sealed record WrappedKey(string KeyEncryptionKeyId, ReadOnlyMemory<byte> Ciphertext);
