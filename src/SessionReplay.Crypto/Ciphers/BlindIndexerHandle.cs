using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

internal sealed class BlindIndexerHandle(CipherCacheEntry entry) : CipherHandle<MetadataCipher>(entry), IBlindIndexer
{
    public MetadataCipher Metadata => Cipher;

    public byte[] Index(string name, ReadOnlySpan<byte> plaintext) => Cipher.Index(name, plaintext);
}
