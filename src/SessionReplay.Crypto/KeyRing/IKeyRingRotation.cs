namespace SessionReplay.Crypto.KeyRing;

/// <summary>Implemented by a key management service whose key-encryption keys this application itself makes.</summary>
internal interface IKeyRingRotation
{
    /// <summary>Adds a key-encryption key and makes it the current one; older ones stay for unwrapping.</summary>
    ValueTask<string> AddKeyAsync(CancellationToken cancellationToken);

    /// <summary>Creates a ring in place of one that is missing or cannot be read; a ring that can be read stays.</summary>
    /// <returns>The new name of the file that could not be read, or <see langword="null"/>.</returns>
    string? StartOver();
}
