namespace SessionReplay.Crypto.Rotation;

/// <summary>What starting over discards.</summary>
/// <param name="Sessions">How many sessions' keys cannot be unwrapped.</param>
/// <param name="Assets">How many assets' keys cannot be unwrapped.</param>
/// <param name="TenantKeys">How many keys of tenants (searchable metadata) cannot be unwrapped.</param>
/// <param name="Readable">How many keys can be, and stay.</param>
/// <param name="BrokenRing">The new name of the key ring's file that could not be read, or <see langword="null"/>.</param>
public sealed record KeyStartOverResult(int Sessions, int Assets, int TenantKeys, int Readable, string? BrokenRing);
