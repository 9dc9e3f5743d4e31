using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>Keys and objects of assets without a row in the catalog.</summary>
public sealed class OrphanAssetSweepTests
{
    private static readonly TenantId Shop = new("shop");

    [Fact]
    public async Task Run_KeyWithoutARow_IsDestroyedAfterTheGraceWithItsObject()
    {
        await using var host = await FullHost.StartAsync();
        var (known, orphan, bare) = (await PutAsync(host), Guid.CreateVersion7(), Guid.CreateVersion7());
        await AddAsync(host, orphan, withObject: true);
        await AddAsync(host, bare, withObject: false);

        Assert.Equal(0, await Sweeps.RunAsync<OrphanAssetSweep>(host.Services, days: 6));
        Assert.True(await IsOpenAsync(host, orphan));
        Assert.Equal(2, await Sweeps.RunAsync<OrphanAssetSweep>(host.Services, days: 8));

        Assert.False(await IsOpenAsync(host, orphan));
        Assert.False(await IsOpenAsync(host, bare));
        Assert.True(await IsOpenAsync(host, known));
        Assert.Equal([BlobPaths.Asset(Shop, known)], host.Blobs());
        Assert.Equal(0, await Sweeps.RunAsync<OrphanAssetSweep>(host.Services, days: 8));
    }

    [Fact]
    public async Task Run_KeyOfAReservedAsset_IsKept()
    {
        await using var host = await FullHost.StartAsync();
        await PutAsync(host);
        var key = Guid.CreateVersion7();
        await host.Services.GetRequiredService<IAssetCatalog>().ReserveAsync(
            new() { Tenant = Shop, Hash = ContentHash.FromBytes(new byte[32]), Key = key, Bytes = 1 }, 1 << 20,
            TimeProvider.System.GetUtcNow(), default);
        await AddAsync(host, key, withObject: true);

        Assert.Equal(0, await Sweeps.RunAsync<OrphanAssetSweep>(host.Services, days: 8));
        Assert.True(await IsOpenAsync(host, key));
    }

    [Fact]
    public async Task Run_ObjectsWithoutKeyAndRow_AreDeletedWithinAMonth()
    {
        await using var host = await FullHost.StartAsync();
        var known = await PutAsync(host);
        var orphan = new Guid([.. Guid.CreateVersion7().ToByteArray()[..15], known.ToByteArray()[15]]);
        await WriteAsync(host, orphan);
        var deleted = 0;
        for (var day = 8; day < 8 + 32; day++)
        {
            deleted += await Sweeps.RunAsync<OrphanAssetSweep>(host.Services, day);
        }

        Assert.Equal(1, deleted);
        Assert.Equal([BlobPaths.Asset(Shop, known)], host.Blobs());
    }

    [Fact]
    public async Task Run_CatalogThatKnowsNothing_DestroysNothingWithoutAnOperatorsWord()
    {
        await using var host = await FullHost.StartAsync();
        var orphan = Guid.CreateVersion7();
        await AddAsync(host, orphan, withObject: true);

        Assert.Equal(0, await Sweeps.RunAsync<OrphanAssetSweep>(host.Services, days: 8));
        Assert.True(await IsOpenAsync(host, orphan));

        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(8));
        var confirmed = new ConfirmedRetention(
            host.Services.GetRequiredService<RetentionSweep>(), Sweeps.Create<OrphanAssetSweep>(host.Services, clock));
        Assert.Equal(1, await confirmed.DeleteOrphanAssetsAsync(new("shop"), default));
        Assert.False(await IsOpenAsync(host, orphan));
        Assert.Empty(host.Blobs());
    }

    private static async Task<Guid> PutAsync(FullHost host)
    {
        var bytes = "p { color: red }"u8.ToArray();
        using var content = IngestHost.Body(Upload.Frame(bytes));
        var path =
            $"v1/sessions/{BatchSamples.NewSession()}/assets/{Convert.ToHexStringLower(SHA256.HashData(bytes))}?type=text/css&key={FullHost.Key}";
        (await host.Client.PostAsync(path, content)).EnsureSuccessStatusCode().Dispose();
        return Assert.Single(await host.Services.GetRequiredService<IAssetCatalog>().ListAsync(Shop, null, 10, default)).Key;
    }

    private static async Task AddAsync(FullHost host, Guid key, bool withObject)
    {
        (await host.Services.GetRequiredService<ITenantCipherProvider>().GetOrCreateAssetCipherAsync(Shop, key, default)).Dispose();
        if (withObject)
        {
            await WriteAsync(host, key);
        }
    }

    private static async Task WriteAsync(FullHost host, Guid key)
    {
        using var content = new MemoryStream(new byte[200]);
        await host.Services.GetRequiredService<IBlobStore>().PutAsync(BlobPaths.Asset(Shop, key), content, 200, default);
    }

    private static async Task<bool> IsOpenAsync(FullHost host, Guid key)
    {
        try
        {
            (await host.Services.GetRequiredService<ITenantCipherProvider>().GetAssetCipherAsync(Shop, key, default)).Dispose();
            return true;
        }
        catch (KeyDeletedException)
        {
            return false;
        }
    }
}
