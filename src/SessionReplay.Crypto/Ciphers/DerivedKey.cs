using System.Security.Cryptography;
using System.Text;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>An AES-256-GCM key derived from a data key, with further derived bytes (docs/format/v1.md, sections 3.1 and 5).</summary>
internal sealed class DerivedKey : IDisposable
{
    public const int TagSize = 16;
    public const int NonceSize = 12;

    private readonly AesGcm _cipher;
    private readonly byte[] _key;
    private readonly byte[] _extra;

    // The platform's cipher context is not safe for concurrent use; a lock is far cheaper than a context per call (ADR 0002).
    private readonly Lock _gate = new();

    private DerivedKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> extra) =>
        (_cipher, _key, _extra) = (new AesGcm(key, TagSize), Pin(key), Pin(extra));

    /// <summary>The AES key.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>What was derived behind the AES key: the commitment, and for a session the digest key.</summary>
    public ReadOnlySpan<byte> Extra => _extra;

    public static DerivedKey Create(ReadOnlySpan<byte> dataKey, string label, TenantId tenant, ReadOnlySpan<byte> id, int extraSize)
    {
        Span<byte> output = stackalloc byte[KeyMaterial.Size + extraSize];
        try
        {
            Expand(dataKey, label, tenant, id, output);
            return new(output[..KeyMaterial.Size], output[KeyMaterial.Size..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output);
        }
    }

    /// <summary>HKDF-Expand with bytes alone as info, of a secret that was itself derived.</summary>
    public static DerivedKey Create(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> info)
    {
        Span<byte> key = stackalloc byte[KeyMaterial.Size];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, key, info);
        var derived = new DerivedKey(key, []);
        CryptographicOperations.ZeroMemory(key);
        return derived;
    }

    /// <summary>HKDF-Expand with <c>label ‖ u8(len(tenant)) ‖ tenant ‖ id</c> as info.</summary>
    public static void Expand(ReadOnlySpan<byte> dataKey, string label, TenantId tenant, ReadOnlySpan<byte> id, Span<byte> output)
    {
        Span<byte> info = stackalloc byte[label.Length + 1 + TenantId.MaxLength + id.Length];
        var length = Encoding.ASCII.GetBytes(label, info);
        var tenantLength = Encoding.ASCII.GetBytes(tenant.Value, info[(length + 1)..]);
        info[length] = (byte)tenantLength;
        length += 1 + tenantLength;
        id.CopyTo(info[length..]);
        length += id.Length;
        HKDF.Expand(HashAlgorithmName.SHA256, dataKey, output, info[..length]);
    }

    public void Encrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, ReadOnlySpan<byte> associatedData)
    {
        lock (_gate)
        {
            _cipher.Encrypt(nonce, plaintext, ciphertext, tag, associatedData);
        }
    }

    /// <returns>Whether the tag verified; if not, <paramref name="plaintext"/> is zeroed.</returns>
    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext,
        ReadOnlySpan<byte> associatedData)
    {
        try
        {
            lock (_gate)
            {
                _cipher.Decrypt(nonce, ciphertext, tag, plaintext, associatedData);
            }

            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            plaintext.Clear();
            return false;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _cipher.Dispose();
        }

        CryptographicOperations.ZeroMemory(_key);
        CryptographicOperations.ZeroMemory(_extra);
    }

    /// <summary>Copies a secret to where the garbage collector leaves no further copies.</summary>
    private static byte[] Pin(ReadOnlySpan<byte> secret)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(pinned);
        return pinned;
    }
}
