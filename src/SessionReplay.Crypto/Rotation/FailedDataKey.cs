using SessionReplay.Keys;

namespace SessionReplay.Crypto.Rotation;

/// <summary>A data key that could not be wrapped again.</summary>
/// <param name="Id">The key's name: its tenant, and its session if it is a session's.</param>
/// <param name="KeyEncryptionKeyId">The key-encryption key that it is wrapped with.</param>
/// <param name="Reason">What is wrong and how to fix it; nothing of any key.</param>
public sealed record FailedDataKey(DataKeyId Id, string KeyEncryptionKeyId, string Reason);
