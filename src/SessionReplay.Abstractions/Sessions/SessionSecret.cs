using System.Security.Cryptography;

namespace SessionReplay;

/// <summary>
/// What only the recorder of a session knows: 16 random bytes, made when the session begins. It travels in front of each batch, never in an
/// address, and the server keeps nothing but its hash (docs/format/v1.md, section 2.1).
/// </summary>
public readonly struct SessionSecret
{
    /// <summary>The size of a secret in bytes.</summary>
    public const int Size = 16;

    /// <summary>The size of a secret's hash in bytes.</summary>
    public const int HashSize = SHA256.HashSizeInBytes;

    private readonly ReadOnlyMemory<byte> _hash;

    /// <summary>Initializes a new instance of the <see cref="SessionSecret"/> struct.</summary>
    /// <param name="secret">The secret, <see cref="Size"/> bytes. Only its hash is kept.</param>
    public SessionSecret(ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Size);
        _hash = SHA256.HashData(secret);
    }

    /// <summary>Gets the SHA-256 of the secret.</summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>Compares with a hash that was kept, in constant time.</summary>
    /// <param name="hash">The hash of the secret that was given first.</param>
    /// <returns>Whether it is the same secret.</returns>
    public bool Matches(ReadOnlySpan<byte> hash) => hash.Length == HashSize && CryptographicOperations.FixedTimeEquals(_hash.Span, hash);
}
