using System.Security.Cryptography;

namespace SessionReplay.VectorGenerator;

/// <summary>
/// The key derivation and the sealing of docs/format/v1.md, written down a second time from the text, with nonces that are told.
/// </summary>
internal static class Sealing
{
    private const int TagSize = 16;

    public static byte[] Expand(byte[] key, string label, string tenant, byte[] id, int size) =>
        HKDF.Expand(HashAlgorithmName.SHA256, key, size, [.. Bytes.Ascii(label), (byte)tenant.Length, .. Bytes.Ascii(tenant), .. id]);

    /// <summary>Ciphertext, then the tag.</summary>
    public static byte[] Encrypt(byte[] key, byte[] nonce, byte[] plaintext, byte[] associated)
    {
        using var cipher = new AesGcm(key, TagSize);
        var ciphertext = new byte[plaintext.Length];
        var tag = new byte[TagSize];
        cipher.Encrypt(nonce, plaintext, ciphertext, tag, associated);
        return [.. ciphertext, .. tag];
    }
}
