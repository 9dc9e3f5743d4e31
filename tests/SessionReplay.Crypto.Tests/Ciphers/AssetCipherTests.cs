using System.Security.Cryptography;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Tests.Ciphers;

public sealed class AssetCipherTests : IDisposable
{
    private static readonly TenantId Shop = new("shop");
    private static readonly Guid Key = new("019b7c5a-102e-7e5c-bfc0-12f45ec2e0ab");

    private readonly CryptoFixture _crypto = new();
    private readonly byte[] _payload = RandomNumberGenerator.GetBytes(200);

    public void Dispose() => _crypto.Dispose();

    [Fact]
    public async Task Open_SealedAsset_GivesPayloadAndHeader()
    {
        using var cipher = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default);
        var header = Header();
        var opened = new byte[_payload.Length];

        Assert.Equal(header, cipher.Open(header.Hash, Seal(cipher), opened));
        Assert.Equal(_payload, opened);
    }

    [Fact]
    public async Task Open_AnyByteChangedOrCut_IsRejectedAndReleasesNothing()
    {
        using var cipher = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default);
        var asset = Seal(cipher);
        for (var at = 0; at < asset.Length; at++)
        {
            var changed = (byte[])asset.Clone();
            changed[at] ^= 2;
            AssertRejected(cipher, Header().Hash, changed);
            AssertRejected(cipher, Header().Hash, asset[..at], "C1");
        }
    }

    [Fact]
    public async Task Seal_SameAssetTwice_HasAnotherNonceEachTime()
    {
        using var cipher = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default);
        var nonces = Enumerable.Range(0, 20).Select(_ => Convert.ToHexString(AssetHeaderCodec.NonceOf(Seal(cipher))));
        Assert.Equal(20, nonces.Distinct().Count());
    }

    [Fact]
    public async Task Open_SpaceOfAnotherLengthThanThePayload_IsRejected()
    {
        using var cipher = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default);
        var asset = Seal(cipher);
        foreach (var space in new[] { _payload.Length - 1, _payload.Length + 1 })
        {
            var error = Assert.Throws<FormatRejectedException>(() => cipher.Open(Header().Hash, asset, new byte[space]));
            Assert.Equal("C1", error.Rule);
        }
    }

    [Fact]
    public async Task Open_OtherHashOrTenant_IsRejected()
    {
        using var cipher = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default);
        using var other = await _crypto.Tenants.GetOrCreateAssetCipherAsync(new("blog"), Key, default);
        AssertRejected(cipher, ContentHash.FromBytes(new byte[32]), Seal(cipher), "C4");
        AssertRejected(other, Header().Hash, Seal(cipher), "C4");
    }

    [Fact]
    public async Task Open_KeyDeleted_IsGoneForGoodAndOthersStay()
    {
        using var cipher = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default);
        var (asset, other, payload) = (Seal(cipher), Guid.CreateVersion7(), new byte[_payload.Length]);
        using (var again = await _crypto.Tenants.GetAssetCipherAsync(Shop, Key, default))
        {
            again.Open(Header().Hash, asset, payload);
        }

        await Assert.ThrowsAsync<KeyDeletedException>(async () => await _crypto.Tenants.GetAssetCipherAsync(Shop, other, default));
        using var another = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, other, default);
        AssertRejected(another, Header().Hash, asset, "C5");

        await _crypto.Tenants.DeleteAssetKeyAsync(Shop, Key, default);
        await Assert.ThrowsAsync<KeyDeletedException>(async () => await _crypto.Tenants.GetAssetCipherAsync(Shop, Key, default));
        await Assert.ThrowsAsync<KeyDeletedException>(async () => await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default));
        (await _crypto.Tenants.GetAssetCipherAsync(Shop, other, default)).Dispose();
    }

    [Fact]
    public async Task Seal_HeaderOfAnotherTenantOrLength_Throws()
    {
        using var cipher = await _crypto.Tenants.GetOrCreateAssetCipherAsync(Shop, Key, default);
        var header = Header();
        var asset = new byte[header.ObjectLength];

        Assert.Throws<ArgumentException>(() => cipher.Seal(header with { Tenant = new("blog") }, _payload, asset));
        Assert.Throws<ArgumentException>(() => cipher.Seal(header with { PayloadLength = 1 }, _payload, asset));
        Assert.Throws<ArgumentException>(() => cipher.Seal(header, _payload, new byte[asset.Length + 1]));
    }

    private static void AssertRejected(IAssetCipher cipher, ContentHash hash, byte[] asset, string? rule = null)
    {
        var payload = new byte[Math.Max(0, asset.Length - AssetHeader.Size - AssetHeader.TagSize)];
        var error = Assert.Throws<FormatRejectedException>(() => cipher.Open(hash, asset, payload));
        Assert.Equal(rule ?? error.Rule, error.Rule);
        Assert.All(payload, b => Assert.Equal(0, b));
    }

    private byte[] Seal(IAssetCipher cipher)
    {
        var header = Header();
        var asset = new byte[header.ObjectLength];
        cipher.Seal(header, _payload, asset);
        return asset;
    }

    private AssetHeader Header() => new()
    {
        Tenant = Shop,
        Hash = ContentHash.FromBytes(SHA256.HashData(_payload)),
        Compression = ChunkCompression.None,
        MediaType = AssetMediaType.Css,
        ContentLength = (uint)_payload.Length,
        PayloadLength = (uint)_payload.Length,
    };
}
