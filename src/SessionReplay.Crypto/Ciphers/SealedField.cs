using System.Security.Cryptography;
using System.Text;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>The form of a sealed field (docs/format/v1.md, section 6): version, nonce, ciphertext, tag.</summary>
internal static class SealedField
{
    public const int Overhead = 1 + DerivedKey.NonceSize + DerivedKey.TagSize;

    private const byte Version = 1;
    private const int MaxName = 64;
    private const int MaxOwner = 64;

    public static byte[] Seal(DerivedKey key, string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> associated = stackalloc byte[MaxName + 1 + MaxOwner];
        associated = associated[..WriteAssociated(name, owner, associated)];
        var result = new byte[plaintext.Length + Overhead];
        result[0] = Version;
        var nonce = result.AsSpan(1, DerivedKey.NonceSize);
        RandomNumberGenerator.Fill(nonce);
        key.Encrypt(
            nonce, plaintext, result.AsSpan(1 + DerivedKey.NonceSize, plaintext.Length), result.AsSpan(^DerivedKey.TagSize..), associated);
        return result;
    }

    public static byte[] Open(DerivedKey key, string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> sealedField)
    {
        var plaintext = new byte[Math.Max(0, sealedField.Length - Overhead)];
        Open(key, name, owner, sealedField, plaintext);
        return plaintext;
    }

    /// <param name="key">The key.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="owner">What the field belongs to.</param>
    /// <param name="sealedField">The sealed field.</param>
    /// <param name="plaintext">Takes the value, whose length is known.</param>
    public static void Open(DerivedKey key, string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> sealedField, Span<byte> plaintext)
    {
        if (sealedField.Length != plaintext.Length + Overhead || sealedField[0] != Version)
        {
            throw new FormatRejectedException("C2", $"The sealed field '{name}' has an unknown form or version.");
        }

        Span<byte> associated = stackalloc byte[MaxName + 1 + MaxOwner];
        associated = associated[..WriteAssociated(name, owner, associated)];
        if (!key.TryDecrypt(
            sealedField.Slice(1, DerivedKey.NonceSize), sealedField[(1 + DerivedKey.NonceSize)..^DerivedKey.TagSize],
            sealedField[^DerivedKey.TagSize..], plaintext, associated))
        {
            throw new FormatRejectedException("C6", $"The sealed field '{name}' is not authentic.");
        }
    }

    public static int WriteName(string name, Span<byte> destination)
    {
        var length = Encoding.ASCII.GetBytes(name, destination);
        destination[length] = 0;
        return length + 1;
    }

    private static int WriteAssociated(string name, ReadOnlySpan<byte> owner, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(owner.Length, MaxOwner);
        var length = WriteName(name, destination);
        owner.CopyTo(destination[length..]);
        return length + owner.Length;
    }
}
