namespace SessionReplay.Crypto.KeyRing;

/// <summary>Implemented by a key management service whose key-encryption keys this application itself makes.</summary>
internal interface IKeyRingRotation
{
    /// <summary>Adds a key-encryption key and makes it the current one; older ones stay for unwrapping.</summary>
    ValueTask<string> AddKeyAsync(CancellationToken cancellationToken);
}
