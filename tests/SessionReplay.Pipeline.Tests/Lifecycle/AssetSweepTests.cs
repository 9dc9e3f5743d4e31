using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

public sealed class AssetSweepTests
{
    private static readonly TenantId Shop = new("shop");

    [Fact]
    public async Task Run_AssetsOfASession_StayUntilTheSessionIsDeletedAndGoWithIt()
    {
        await using var host = await FullHost.StartAsync();
        var image = await PutAsync(host, "GIF89a and pixels", "image/gif");
        var sheet = await PutAsync(host, $"p {{ background: url(sr-asset:{image}) }}");
        await PutAsync(host, "unnamed {}");
        var session = await RecordAsync(host, sheet);
        Assert.Equal(3, Count(host));

        Assert.Equal(0, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 6));
        Assert.Equal(1, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 8));
        Assert.Single(await host.AssetsAsync(session, image));
        Assert.Equal(
            HttpStatusCode.NoContent,
            await host.StatusAsync($"api/tenants/shop/sessions/{session}", HttpMethod.Delete, ("X-Session-Replay", "1")));
        Assert.Equal(0, Count(host));
        Assert.Equal(0, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 8));

        // The same content may come again, at once.
        Assert.Equal(sheet, await PutAsync(host, $"p {{ background: url(sr-asset:{image}) }}"));
        Assert.Equal(1, Count(host));
    }

    [Fact]
    public async Task Get_AssetThatTheSessionDoesNotName_IsLeftOut()
    {
        await using var host = await FullHost.StartAsync();
        var image = await PutAsync(host, "GIF89a and pixels", "image/gif");
        var sheet = await PutAsync(host, $"p {{ background: url(sr-asset:{image}) }}");
        var other = await PutAsync(host, "p { color: red }");
        var (one, two) = (await RecordAsync(host, sheet), await RecordAsync(host, other));
        var late = await PutAsync(host, "q { color: red }", session: two);

        foreach (var (session, named) in new[] { (one, new[] { image, sheet }), (two, [other, late]) })
        {
            var records = await host.AssetsAsync(session, image, sheet, other, late);
            Assert.Equal(named, records.Select(record => record.Asset));
        }
    }

    [Fact]
    public async Task Delete_WhileTheStoreIsAway_DestroysTheKeysOfItsAssetsAtOnce()
    {
        var blobs = new OutageBlobStore { IsOut = false };
        await using var host = await FullHost.StartAsync(build: (_, replay) => replay.Services.AddSingleton<Storage.IBlobStore>(blobs));
        var session = await RecordAsync(host, await PutAsync(host, "p { color: red }"));
        var key = Assert.Single(await host.Services.GetRequiredService<IAssetCatalog>().ListAsync(Shop, null, 10, default)).Key;
        var ciphers = host.Services.GetRequiredService<ITenantCipherProvider>();
        (await ciphers.GetAssetCipherAsync(Shop, key, default)).Dispose();
        blobs.IsOut = true;

        Assert.Equal(
            HttpStatusCode.Accepted,
            await host.StatusAsync($"api/tenants/shop/sessions/{session}", HttpMethod.Delete, ("X-Session-Replay", "1")));
        await Assert.ThrowsAsync<KeyDeletedException>(async () => await ciphers.GetAssetCipherAsync(Shop, key, default));
        blobs.IsOut = false;
        await host.SweepAsync();
        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{session}"));
        await PutAsync(host, "p { color: red }");
    }

    [Fact]
    public async Task Run_TwoSessionsNameOneAsset_KeepsItForTheSecond()
    {
        await using var host = await FullHost.StartAsync();
        var sheet = await PutAsync(host, "p { color: red }");
        var first = await RecordAsync(host, sheet);
        var second = await RecordAsync(host, sheet);

        Assert.Equal(HttpStatusCode.Accepted, await host.ForgetAsync(first));
        Assert.Equal(0, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 8));
        Assert.Single(await host.AssetsAsync(second, sheet));
        Assert.Equal(HttpStatusCode.Accepted, await host.ForgetAsync(second));
        Assert.Equal(0, Count(host));
    }

    [Fact]
    public async Task Run_UploadThatBrokeOff_LeavesNothing()
    {
        var blobs = new OutageBlobStore { IsOut = false };
        await using var host = await FullHost.StartAsync(build: (_, replay) => replay.Services.AddSingleton<Storage.IBlobStore>(blobs));
        blobs.IsOut = true;
        await PutAsync(host, "p { color: red }", expected: HttpStatusCode.ServiceUnavailable);
        blobs.IsOut = false;
        var assets = host.Services.GetRequiredService<IAssetCatalog>();
        Assert.Empty(await assets.ListAsync(Shop, null, 10, default));

        Assert.Equal(0, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 6));
        Assert.Equal(1, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 8));
    }

    [Fact]
    public async Task Run_StoreIsAway_IsDoneAgainAfterTheTimeOfTaking()
    {
        var blobs = new OutageBlobStore { IsOut = false };
        await using var host = await FullHost.StartAsync(build: (_, replay) => replay.Services.AddSingleton<Storage.IBlobStore>(blobs));
        var sheet = await PutAsync(host, "p { color: red }");
        blobs.IsOut = true;
        await Assert.ThrowsAsync<Storage.BlobStoreUnavailableException>(() => Sweeps.RunAsync<AssetSweep>(host.Services, days: 8));
        blobs.IsOut = false;

        Assert.Equal(0, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 8));
        await PutAsync(host, "p { color: red }", expected: HttpStatusCode.ServiceUnavailable);
        Assert.Equal(1, await Sweeps.RunAsync<AssetSweep>(host.Services, days: 9));
        Assert.Equal(sheet, await PutAsync(host, "p { color: red }"));
    }

    [Fact]
    public async Task Run_ClockHasJumped_DeletesNothing()
    {
        await using var host = await FullHost.StartAsync();
        await PutAsync(host, "p { color: red }");
        var clock = new JumpingClock(new(TimeProvider.System.GetUtcNow()));
        var sweep = Sweeps.Create<AssetSweep>(host.Services, clock);
        clock.Jump = TimeSpan.FromDays(40);

        Assert.Equal(0, await sweep.RunAsync(default));
        Assert.Equal(1, Count(host));
    }

    [Fact]
    public void Find_NamesInAText_AreFoundOnceEachAndBounded()
    {
        var hashes = Enumerable.Range(0, AssetNames.MaxNames)
            .Select(i => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i)))).ToList();
        var text =
            string.Concat(
                hashes.Select(hash => $"\"sr-asset:{hash}\",sr-asset:{hash[..63]}x,url(sr-asset:{hash.ToUpperInvariant()}),sr-asset:"))
                + "sr-asset:";

        Assert.Equal(hashes, AssetNames.Find(Encoding.UTF8.GetBytes(text + text))!.Select(hash => hash.Hex));
        Assert.Null(AssetNames.Find(Encoding.UTF8.GetBytes($"{text}sr-asset:{new string('0', 64)}")));
        Assert.Empty(AssetNames.Find([])!);
    }

    private static async Task<SessionId> RecordAsync(FullHost host, string named)
    {
        var session = BatchSamples.NewSession();
        var batch = BatchSamples.Create(session, WindowId.Create(TimeProvider.System));
        batch.AddDom(
            (BatchSamples.Time + 9,
            $$$"""{"type":3,"data":{"source":0,"attributes":[{"id":1,"attributes":{"_cssText":"sr-asset:{{{named}}}"}}]}}"""));
        await host.RecordAsync(session, batch);
        return session;
    }

    private static async Task<string> PutAsync(
        FullHost host, string text, string type = "text/css", HttpStatusCode expected = HttpStatusCode.NoContent, SessionId? session = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = IngestHost.Body(Upload.Frame(bytes));
        using var answer =
            await host.Client.PostAsync(
                $"v1/sessions/{session ?? BatchSamples.NewSession()}/assets/{hash}?type={type}&key={FullHost.Key}", content);
        Assert.Equal(expected, answer.StatusCode);
        return hash;
    }

    private static int Count(FullHost host) => host.Blobs().Count(blob => blob.Contains("assets", StringComparison.Ordinal));
}
