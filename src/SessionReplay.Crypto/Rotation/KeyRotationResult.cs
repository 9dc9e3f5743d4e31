namespace SessionReplay.Crypto.Rotation;

/// <summary>What a rotation has done.</summary>
/// <param name="Rewrapped">How many data keys were wrapped again.</param>
/// <param name="Failed">The data keys that could not be: each is wrapped as it was, and its key-encryption key must be kept. At most
/// 10,000: with so many the rotation ended before it had gone through all.</param>
public sealed record KeyRotationResult(int Rewrapped, IReadOnlyList<FailedDataKey> Failed);
