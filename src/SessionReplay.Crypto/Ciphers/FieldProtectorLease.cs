using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

internal sealed class FieldProtectorLease(CipherCacheEntry entry) : Lease<FieldProtector>(entry), IFieldProtector
{
    public byte[] Seal(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> plaintext) => Cipher.Seal(name, owner, plaintext);

    public byte[] Open(string name, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> sealedField) => Cipher.Open(name, owner, sealedField);

    public byte[] BlindIndex(string name, ReadOnlySpan<byte> plaintext) => Cipher.BlindIndex(name, plaintext);
}
