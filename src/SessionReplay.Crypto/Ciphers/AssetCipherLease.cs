using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

internal sealed class AssetCipherLease(CipherCacheEntry entry) : Lease<AssetCipher>(entry), IAssetCipher
{
    public void Seal(in AssetHeader header, ReadOnlySpan<byte> payload, Span<byte> asset) => Cipher.Seal(header, payload, asset);

    public AssetHeader Open(ContentHash expectedHash, ReadOnlySpan<byte> asset, Span<byte> payload) => Cipher.Open(expectedHash, asset, payload);
}
