using System.Buffers;
using System.Security.Cryptography;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>Wraps the facts keys of one tenant's sessions and makes blind indexes (docs/format/v1.md, section 6).</summary>
internal sealed class MetadataCipher : IBlindIndexer
{
    private const string Label = "sessionreplay/v1/metadata";
    private const string FactsKeyField = "session.facts-key";
    private const int IndexSize = 16;

    private readonly TenantId _tenant;
    private readonly byte[] _wrapSecret = GC.AllocateUninitializedArray<byte>(KeyMaterial.Size, pinned: true);
    private readonly byte[] _indexKey = GC.AllocateUninitializedArray<byte>(KeyMaterial.Size, pinned: true);

    public MetadataCipher(TenantId tenant, ReadOnlySpan<byte> metadataKey)
    {
        _tenant = tenant;
        Span<byte> output = stackalloc byte[2 * KeyMaterial.Size];
        DerivedKey.Expand(metadataKey, Label, tenant, [], output);
        output[..KeyMaterial.Size].CopyTo(_wrapSecret);
        output[KeyMaterial.Size..].CopyTo(_indexKey);
        CryptographicOperations.ZeroMemory(output);
    }

    /// <summary>Seals a session's facts key for its row in the key store.</summary>
    public byte[] WrapFactsKey(SessionId session, ReadOnlySpan<byte> factsKey)
    {
        Span<byte> owner = stackalloc byte[16];
        session.Write(owner);
        using var cipher = WrapCipher(owner);
        return SealedField.Seal(cipher, FactsKeyField, owner, factsKey);
    }

    /// <summary>Opens the facts key of a session's row and makes the protector of it.</summary>
    /// <exception cref="FormatRejectedException">The row has no facts key, or one that is not authentic.</exception>
    public FieldProtector OpenFactsKey(SessionId session, ReadOnlyMemory<byte> sealedFactsKey)
    {
        Span<byte> owner = stackalloc byte[16];
        session.Write(owner);
        using var cipher = WrapCipher(owner);
        using var factsKey = new KeyMaterial();
        SealedField.Open(cipher, FactsKeyField, owner, sealedFactsKey.Span, factsKey.Memory.Span);
        return new(new(_tenant, session), factsKey.Span);
    }

    public byte[] Index(string name, ReadOnlySpan<byte> plaintext)
    {
        var length = name.Length + 1 + plaintext.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = SealedField.WriteName(name, rented);
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
        CryptographicOperations.ZeroMemory(_wrapSecret);
        CryptographicOperations.ZeroMemory(_indexKey);
    }

    /// <summary>
    /// Each session has a wrapping key of its own: with random nonces one key must not wrap all that a tenant ever records.
    /// </summary>
    private DerivedKey WrapCipher(ReadOnlySpan<byte> owner) => DerivedKey.Create(_wrapSecret, owner);
}
