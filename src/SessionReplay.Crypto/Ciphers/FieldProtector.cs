using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>
/// Seals single values of one tenant (docs/format/v1.md, section 6). What each belongs to has a key of its own: one key with random nonces must not seal
/// all that a tenant ever records.
/// </summary>
internal sealed class FieldProtector : IFieldProtector
{
    private const string Label = "sessionreplay/v1/field";
    private const byte Version = 1;
    private const int IndexSize = 16;
    private const int Overhead = 1 + DerivedKey.NonceSize + DerivedKey.TagSize;

    /// <summary>The greatest length of a field's name, and of what it belongs to, in bytes.</summary>
    private const int MaxName = 64;
    private const int MaxOwner = 64;

    private readonly byte[] _fieldSecret = GC.AllocateUninitializedArray<byte>(KeyMaterial.Size, pinned: true);
    private readonly byte[] _indexKey = GC.AllocateUninitializedArray<byte>(KeyMaterial.Size, pinned: true);

    public FieldProtector(TenantId tenant, ReadOnlySpan<byte> metadataKey)
    {
        Span<byte> output = stackalloc byte[2 * KeyMaterial.Size];
        DerivedKey.Expand(metadataKey, Label, tenant, [], output);
        output[..KeyMaterial.Size].CopyTo(_fieldSecret);
        output[KeyMaterial.Size..].CopyTo(_indexKey);
        CryptographicOperations.ZeroMemory(output);
    }

    public byte[] Seal(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> plaintext)
    {
        Span<byte> associated = stackalloc byte[MaxName + 1 + MaxOwner];
        associated = associated[..WriteAssociated(name, owner, associated)];
        var result = new byte[plaintext.Length + Overhead];
        result[0] = Version;
        var nonce = result.AsSpan(1, DerivedKey.NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = CipherOf(owner);
        cipher.Encrypt(nonce, plaintext, result.AsSpan(1 + DerivedKey.NonceSize, plaintext.Length), result.AsSpan(^DerivedKey.TagSize..), associated);
        return result;
    }

    public byte[] Open(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> sealedField)
    {
        Span<byte> associated = stackalloc byte[MaxName + 1 + MaxOwner];
        associated = associated[..WriteAssociated(name, owner, associated)];
        if (sealedField.Length < Overhead || sealedField[0] != Version)
        {
            throw new FormatRejectedException("C2", $"The sealed field '{name}' is too short or of an unknown version.");
        }

        var plaintext = new byte[sealedField.Length - Overhead];
        using var cipher = CipherOf(owner);
        try
        {
            cipher.Decrypt(
                sealedField.Slice(1, DerivedKey.NonceSize), sealedField[(1 + DerivedKey.NonceSize)..^DerivedKey.TagSize],
                sealedField[^DerivedKey.TagSize..], plaintext, associated);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new FormatRejectedException("C6", $"The sealed field '{name}' is not authentic.");
        }
    }

    public byte[] BlindIndex(string name, ReadOnlySpan<byte> plaintext)
    {
        var length = name.Length + 1 + plaintext.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = WriteName(name, rented);
            plaintext.CopyTo(rented.AsSpan(at));
            Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(_indexKey, rented.AsSpan(0, length), hash);
            return hash[..IndexSize].ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_fieldSecret);
        CryptographicOperations.ZeroMemory(_indexKey);
    }

    private AesGcm CipherOf(ReadOnlySpan<byte> owner)
    {
        Span<byte> key = stackalloc byte[KeyMaterial.Size];
        HKDF.Expand(HashAlgorithmName.SHA256, _fieldSecret, key, owner);
        var cipher = new AesGcm(key, DerivedKey.TagSize);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    private static int WriteAssociated(string name, ReadOnlySpan<byte> owner, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxName);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(owner.Length, MaxOwner);
        var length = WriteName(name, destination);
        owner.CopyTo(destination[length..]);
        return length + owner.Length;
    }

    private static int WriteName(string name, Span<byte> destination)
    {
        var length = Encoding.ASCII.GetBytes(name, destination);
        destination[length] = 0;
        return length + 1;
    }
}
