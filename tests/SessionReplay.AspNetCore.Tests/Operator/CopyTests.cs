using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Audit;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>From embedded parts to PostgreSQL and S3, and back.</summary>
public sealed class CopyTests(CopyPeers peers) : CopySuite(peers)
{
    [SkippableFact]
    public async Task Copy_SourceThatHasRemovedAuditRows_BeginsWhereItBeginsAndNotElsewhere()
    {
        var (log, end) = (Host.Services.GetRequiredService<IAuditLog>(), Host.Services.GetRequiredService<IAuditLifecycle>());
        async Task AppendAndRemoveAsync()
        {
            for (var i = 0; i < 5; i++)
            {
                await log.AppendAsync(new() { At = TimeProvider.System.GetUtcNow(), Actor = "a", Action = "b", Allowed = true }, default);
            }

            Assert.InRange(await end.RemoveAsync(DateTimeOffset.MaxValue, TimeProvider.System.GetUtcNow(), 100, default), 4, 100);
        }

        await AppendAndRemoveAsync();
        var real = Peers.Real(null);

        Assert.Equal(0, (await CopyAsync(Host, real)).ExitCode);
        Assert.Equal(0, (await CopyAsync(Host, real)).ExitCode);

        await using (var there = await real.StartAsync())
        {
            var start = await there.Services.GetRequiredService<IAuditLifecycle>().ReadStartAsync(default);
            Assert.Equal((await end.ReadStartAsync(default)).Hash.ToArray(), start.Hash.ToArray());
            Assert.Null(await there.Services.GetRequiredService<IAuditLog>().FindBreakAsync(default));
        }

        await AppendAndRemoveAsync();
        await AppendAndRemoveAsync();
        var (exitCode, output) = await CopyAsync(Host, real);
        Assert.Equal(1, exitCode);
        Assert.Contains("The source has removed audit rows up to row", output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_ToRealAndBack_PlaysFindsAndAuditsTheSame(bool sharedRing)
    {
        var (ended, live) = (await RecordAsync(Host, 3), await RecordAsync(Host, 1));
        await AddAssetAsync(Host, "p { color: red }");
        await AppendAsync(
            Host, ended, 3, await AddAssetAsync(Host, $"p {{ background: url(sr-asset:{await AddAssetAsync(Host, "q {}")}) }}"));
        await Host.SweepAsync();
        await AppendAsync(Host, live, 1);
        var real = Peers.Real(sharedRing ? Path.Combine(Host.DataFolder, "keys", "key-ring.json") : null);
        var first = await CopyAsync(Host, real);
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("Copied 2 sessions (6 chunks", first.Output, StringComparison.Ordinal);
        Assert.Contains(" 6 keys, 3 assets,", first.Output, StringComparison.Ordinal);
        Assert.EndsWith("The source's queue is empty.", first.Output, StringComparison.Ordinal);

        // The application records on; the next run takes what is new.
        await AppendAsync(Host, live, 2);
        var later = await RecordAsync(Host, 1);
        var second = await CopyAsync(Host, real);
        Assert.Contains("Copied 2 sessions (4 chunks", second.Output, StringComparison.Ordinal);
        Assert.Contains(" 1 keys, 0 assets,", second.Output, StringComparison.Ordinal);
        Assert.Contains("1 sessions have not changed", second.Output, StringComparison.Ordinal);
        Assert.Contains(
            "Copied 0 sessions (0 chunks, 0 bytes of objects), 0 keys, 0 assets, 1 rows", (await CopyAsync(Host, real)).Output,
            StringComparison.Ordinal);

        await using var there = await real.StartAsync();
        Assert.Single(await Host.Services.GetRequiredService<IAssetCatalog>().ListNamedAsync(new(new("shop"), ended.Session), default));
        await AssertSameAsync(Host, there, ended, live, later);
        await AssertFindsSameAsync(Host, there, 3);
        var embedded = Peers.Embedded();
        Assert.Equal(0, (await CopyAsync(there, embedded)).ExitCode);
        await using var back = await embedded.StartAsync();
        await AssertSameAsync(there, back, ended, live, later);
        await AssertFindsSameAsync(there, back, 3);

        // The session that was live goes on where it is now.
        await AppendAsync(back, live, 3);
        Assert.Equal(4, await back.ChunksAsync(live.Session));
    }

    [SkippableFact]
    public async Task Copy_SessionDeletedBetweenTwoRuns_DoesNotSurvive()
    {
        var (kept, deleted) = (await RecordAsync(Host, 1), await RecordAsync(Host, 2));
        await Host.SweepAsync();
        var real = Peers.Real();
        await CopyAsync(Host, real);
        Assert.Contains(Peers.Files(real), file => file.Contains(deleted.Session.ToString(), StringComparison.Ordinal));
        Assert.Equal(
            HttpStatusCode.NoContent,
            await Host.StatusAsync($"api/tenants/shop/sessions/{deleted.Session}", HttpMethod.Delete, ("X-Session-Replay", "1")));

        var (exitCode, output) = await CopyAsync(Host, real);

        Assert.Equal(0, exitCode);
        Assert.Contains("and 1 deletions;", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Peers.Files(real), file => file.Contains(deleted.Session.ToString(), StringComparison.Ordinal));
        Assert.Contains("and 0 deletions;", (await CopyAsync(Host, real)).Output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(Host, there, kept);
        await AssertFindsSameAsync(Host, there, 1);
        Assert.Equal(HttpStatusCode.Gone, await there.StatusAsync($"api/tenants/shop/sessions/{deleted.Session}/manifest"));
    }

    [SkippableFact]
    public async Task Copy_ChunksMovedByCompactionSince_AreInTheObjectAtTheTargetToo()
    {
        var session = await RecordAsync(Host, 3);
        var real = Peers.Real();
        await CopyAsync(Host, real);
        await Host.SweepAsync();

        Assert.Contains("Copied 1 sessions (3 chunks", (await CopyAsync(Host, real)).Output, StringComparison.Ordinal);

        Assert.EndsWith("_encrypted.bin._S3rver_object", Assert.Single(Peers.Files(real)), StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(Host, there, session);
    }

    [SkippableFact]
    public async Task Copy_KeysWrappedAgainBetweenTwoRuns_AreTheSameKeys()
    {
        var session = await RecordAsync(Host, 1);
        var real = Peers.Real();
        await CopyAsync(Host, real);
        Assert.Equal(0, (await RunAsync(Host, "rotate-keys")).ExitCode);

        var (exitCode, output) = await CopyAsync(Host, real);

        Assert.Equal(0, exitCode);
        Assert.Contains(" 0 keys,", output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(Host, there, session);
    }

    [SkippableFact]
    public async Task Copy_TargetInUse_IsRefused()
    {
        await RecordAsync(Host, 1);
        var real = Peers.Real();
        await CopyAsync(Host, real);
        await using (var there = await real.StartAsync())
        {
            await RecordAsync(there, 1);
        }

        var (exitCode, output) = await CopyAsync(Host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains("it is in use already", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Copy_TargetHasTenantKeysOfItsOwn_IsRefused()
    {
        await RecordAsync(Host, 1);
        var real = Peers.Real();
        await using (var there = await real.StartAsync())
        {
            await AddAssetAsync(there, Css);
        }

        await AddAssetAsync(Host, Css);
        var (exitCode, output) = await CopyAsync(Host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains("Failed: The target has another key of the name shop/", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"SessionReplay\":{\"Catalogue\":{}}}", "did you mean 'Catalog'?")]
    [InlineData("{\"SessionReplay\":{\"Catalog\":{\"Provider\":\"Oracle\"}}}", "Oracle")]
    [InlineData("{\"SessionReplay\":{\"DataDirectory\":\"DATA\"}}", "The target has the same catalog as the source.")]
    public async Task Copy_ConfigurationThatCannotBe_SaysWhy(string json, string reason)
    {
        var file = Folder.File("target.json");
        await File.WriteAllTextAsync(file, json.Replace("DATA", Host.DataFolder, StringComparison.Ordinal));

        var (exitCode, output) = await RunAsync(Host, "copy", "--to", file);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_NoSuchFileOrSection_SaysSo()
    {
        Assert.Contains("There is no file", (await RunAsync(Host, "copy", "--to", "nowhere.json")).Output, StringComparison.Ordinal);
        Assert.Contains("has no section 'Nowhere'", (await RunAsync(Host, "copy", "--to", "Nowhere")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(Host, "copy")).ExitCode);
    }

    private static async Task AssertFindsSameAsync(FullHost here, FullHost there, int sessions)
    {
        foreach (var search in new[] { "user=u-1", "url=https://shop.example/checkout", "event=checkout" })
        {
            var found = await there.GetAsync($"api/sessions?tenant=shop&{search}");
            Assert.Equal((await here.GetAsync($"api/sessions?tenant=shop&{search}")).ToString(), found.ToString());
            Assert.Equal(sessions, found.GetProperty("sessions").GetArrayLength());
        }
    }
}
