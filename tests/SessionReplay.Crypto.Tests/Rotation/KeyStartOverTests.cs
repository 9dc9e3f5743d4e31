using SessionReplay.Crypto.Rotation;
using SessionReplay.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Crypto.Tests.Rotation;

public sealed class KeyStartOverTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryKeyStore _store = new();
    private readonly SessionRef _session = CryptoFixture.NewSession();

    private string RingPath => _folder.File("key-ring.json");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not a key ring")]
    public async Task Run_RingIsLost_DiscardsWhatItWrappedAndGoesOn(string? left)
    {
        await UseAsync(_session);
        await UseAsync(CryptoFixture.NewSession());
        await UseAssetsAsync(3);
        if (left is null)
        {
            File.Delete(RingPath);
        }
        else
        {
            await File.WriteAllTextAsync(RingPath, left);
        }

        using var fixture = Fixture();
        await Assert.ThrowsAsync<KeyManagementException>(() => UseAsync(CryptoFixture.NewSession()));
        Assert.Equal(new(2, 3, 1, 0, null), await fixture.Get<KeyStartOver>().CountAsync(default));
        Assert.Equal(left is not null, File.Exists(RingPath));

        var result = await fixture.Get<KeyStartOver>().RunAsync((_, _) => ValueTask.CompletedTask, default);

        Assert.Equal(new(2, 3, 1, 0, result.BrokenRing), result);
        Assert.Equal(left, result.BrokenRing is null ? null : await File.ReadAllTextAsync(result.BrokenRing));
        await Assert.ThrowsAsync<KeyDeletedException>(() => UseAsync(_session));
        await UseAsync(CryptoFixture.NewSession());
        Assert.Equal(new(0, 0, 0, 2, null), await fixture.Get<KeyStartOver>().RunAsync((_, _) => ValueTask.CompletedTask, default));
    }

    [Fact]
    public async Task Run_RingIsWhole_DiscardsNothing()
    {
        await UseAsync(_session);
        var ring = await File.ReadAllTextAsync(RingPath);

        using var fixture = Fixture();
        Assert.Equal(new(0, 0, 0, 2, null), await fixture.Get<KeyStartOver>().RunAsync((_, _) => ValueTask.CompletedTask, default));

        Assert.Equal(ring, await File.ReadAllTextAsync(RingPath));
        await UseAsync(_session);
    }

    private async Task UseAssetsAsync(int count)
    {
        using var fixture = Fixture();
        for (var i = 0; i < count; i++)
        {
            (await fixture.Tenants.GetOrCreateAssetCipherAsync(_session.Tenant, Guid.CreateVersion7(), default)).Dispose();
        }
    }

    private CryptoFixture Fixture() => new(store: _store, ringPath: RingPath);

    private async Task UseAsync(SessionRef session)
    {
        using var fixture = Fixture();
        using var cipher = await fixture.Sessions.GetOrCreateAsync(session, Upload.Secret, default);
        using var indexer = await fixture.Tenants.GetBlindIndexerAsync(session.Tenant, default);
    }
}
