using System.Security.Cryptography;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>Seals and opens one asset (docs/format/v1.md, section 5).</summary>
internal sealed class AssetCipher(TenantId tenant, ReadOnlySpan<byte> assetKey) : IAssetCipher
{
    private const string Label = "sessionreplay/v1/asset";

    private readonly DerivedKey _key = DerivedKey.Create(assetKey, Label, tenant, [], ChunkHeaderCodec.CommitmentSize);

    public void Seal(in AssetHeader header, ReadOnlySpan<byte> payload, Span<byte> asset)
    {
        if (header.Tenant != tenant || header.PayloadLength != payload.Length || asset.Length != header.ObjectLength)
        {
            throw new ArgumentException(
                "The header names another tenant, or its length does not fit the payload or the space.", nameof(header));
        }

        Span<byte> nonce = stackalloc byte[ChunkHeaderCodec.NonceSize];
        RandomNumberGenerator.Fill(nonce);
        header.Write(asset, nonce, _key.Extra);
        _key.Encrypt(
            nonce, payload, asset.Slice(AssetHeader.Size, payload.Length), asset[(AssetHeader.Size + payload.Length)..],
            asset[..AssetHeader.Size]);
    }

    public AssetHeader Open(ContentHash expectedHash, ReadOnlySpan<byte> asset, Span<byte> payload)
    {
        var header = AssetHeaderCodec.Read(asset);
        if (asset.Length != header.ObjectLength || payload.Length != header.PayloadLength)
        {
            throw new FormatRejectedException("C1", "The asset does not have the length of its header.");
        }

        if (header.Tenant != tenant || header.Hash != expectedHash)
        {
            throw new FormatRejectedException("C4", "The asset is another than the one asked for.");
        }

        if (!CryptographicOperations.FixedTimeEquals(AssetHeaderCodec.CommitmentOf(asset), _key.Extra))
        {
            throw new FormatRejectedException("C5", "The asset was not sealed under this key.");
        }

        var sealedPayload = asset[AssetHeader.Size..];
        if (!_key.TryDecrypt(
            AssetHeaderCodec.NonceOf(asset), sealedPayload[..payload.Length], sealedPayload[payload.Length..], payload,
            asset[..AssetHeader.Size]))
        {
            throw new FormatRejectedException("C6", "The asset is not authentic.");
        }

        return header;
    }

    public void Dispose() => _key.Dispose();
}
