using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.AspNetCore.Operator;
using SessionReplay.AspNetCore.Tests.Ingest;
using SessionReplay.AspNetCore.Tests.Playback;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Tests.Operator;

/// <summary>From embedded parts to PostgreSQL and S3, and back.</summary>
public sealed class CopyTests(CopyPeers peers) : IClassFixture<CopyPeers>, IAsyncLifetime
{
    private const string Css = "p { color: blue }";
    private readonly TempFolder _folder = new();
    private FullHost _host = null!;

    public async Task InitializeAsync() => _host = await FullHost.StartAsync();

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copy_ToRealAndBack_PlaysFindsAndAuditsTheSame(bool sharedRing)
    {
        var (ended, live) = (await RecordAsync(_host, 3), await RecordAsync(_host, 1));
        await AddAssetAsync(_host, "p { color: red }");
        await AppendAsync(_host, ended, 3, await AddAssetAsync(_host, $"p {{ background: url(sr-asset:{await AddAssetAsync(_host, "q {}")}) }}"));
        await _host.SweepAsync();
        await AppendAsync(_host, live, 1);
        var real = peers.Real(sharedRing ? Path.Combine(_host.DataFolder, "keys", "key-ring.json") : null);
        var first = await CopyAsync(_host, real);
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("Copied 2 sessions (6 chunks", first.Output, StringComparison.Ordinal);
        Assert.Contains(" 6 keys, 3 assets,", first.Output, StringComparison.Ordinal);
        Assert.EndsWith("The source's queue is empty.", first.Output, StringComparison.Ordinal);

        // The application records on; the next run takes what is new.
        await AppendAsync(_host, live, 2);
        var later = await RecordAsync(_host, 1);
        var second = await CopyAsync(_host, real);
        Assert.Contains("Copied 2 sessions (4 chunks", second.Output, StringComparison.Ordinal);
        Assert.Contains(" 1 keys, 0 assets,", second.Output, StringComparison.Ordinal);
        Assert.Contains("1 sessions have not changed", second.Output, StringComparison.Ordinal);
        Assert.Contains("Copied 0 sessions (0 chunks, 0 bytes of objects), 0 keys, 0 assets, 1 rows", (await CopyAsync(_host, real)).Output, StringComparison.Ordinal);

        await using var there = await real.StartAsync();
        Assert.Single(await _host.Services.GetRequiredService<IAssetCatalog>().ListNamedAsync(new(new("shop"), ended.Session), default));
        await AssertSameAsync(_host, there, ended, live, later);
        await AssertFindsSameAsync(_host, there, 3);
        var embedded = peers.Embedded();
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
        var (kept, deleted) = (await RecordAsync(_host, 1), await RecordAsync(_host, 2));
        var real = peers.Real();
        await CopyAsync(_host, real);
        Assert.Contains(peers.Files(real), file => file.Contains(deleted.Session.ToString(), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, await _host.StatusAsync($"api/tenants/shop/sessions/{deleted.Session}", HttpMethod.Delete, ("X-Session-Replay", "1")));

        var (exitCode, output) = await CopyAsync(_host, real);

        Assert.Equal(0, exitCode);
        Assert.Contains("and 1 deletions;", output, StringComparison.Ordinal);
        Assert.DoesNotContain(peers.Files(real), file => file.Contains(deleted.Session.ToString(), StringComparison.Ordinal));
        Assert.Contains("and 0 deletions;", (await CopyAsync(_host, real)).Output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(_host, there, kept);
        await AssertFindsSameAsync(_host, there, 1);
        Assert.Equal(HttpStatusCode.Gone, await there.StatusAsync($"api/tenants/shop/sessions/{deleted.Session}/manifest"));
    }

    [SkippableFact]
    public async Task Copy_PartsReplacedByCompactionSince_AreNotLeftAtTheTarget()
    {
        var session = await RecordAsync(_host, 3);
        var real = peers.Real();
        await CopyAsync(_host, real);
        await _host.SweepAsync();

        Assert.Contains("Copied 1 sessions (3 chunks", (await CopyAsync(_host, real)).Output, StringComparison.Ordinal);

        Assert.EndsWith("_encrypted.bin._S3rver_object", Assert.Single(peers.Files(real)), StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(_host, there, session);
    }

    [SkippableTheory]
    [InlineData("UPDATE chunks SET length = length + 1")]
    [InlineData("UPDATE chunks SET offset = offset + 1")]
    [InlineData("UPDATE chunks SET offset = -1")]
    [InlineData("UPDATE chunks SET blob_key = 'shop/elsewhere'")]
    [InlineData("UPDATE chunks SET digest = zeroblob(12)")]
    [InlineData("UPDATE chunks SET facts = zeroblob(100)")]
    [InlineData("UPDATE sessions SET started_at = -5")]
    [InlineData(null)]
    public async Task Copy_SourceTamperedWith_NamesTheSessionAndCopiesOthers(string? sql)
    {
        var bad = await RecordAsync(_host, 1);
        if (sql is null)
        {
            Flip(Path.Combine(_host.DataFolder, "blobs", Assert.Single(_host.Blobs())));
        }
        else
        {
            Execute("catalog.db", sql);
        }

        var good = await RecordAsync(_host, 1);
        var real = peers.Real();

        var (exitCode, output) = await CopyAsync(_host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Not copied: the session shop/{bad.Session}. ", output, StringComparison.Ordinal);
        Assert.Contains("Copied 1 sessions (1 chunks", output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(_host, there, good);
        Assert.Equal(1, (await CopyAsync(_host, real)).ExitCode);
    }

    [SkippableFact]
    public async Task Copy_VerifyAfterTheTargetWasTamperedWith_WritesItAgain()
    {
        var session = await RecordAsync(_host, 2);
        await AddAssetAsync(_host, Css);
        var real = peers.Real();
        await CopyAsync(_host, real);
        var files = peers.Files(real);
        Assert.Equal(3, files.Count);
        Flip(files[0]);
        Flip(files[1]);

        Assert.Equal(0, (await CopyAsync(_host, real)).ExitCode);
        var (exitCode, output) = await CopyAsync(_host, real, "--verify");

        Assert.Equal(0, exitCode);
        Assert.Contains("2 objects of the target were written again.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("written again", (await CopyAsync(_host, real, "--verify")).Output, StringComparison.OrdinalIgnoreCase);
        await using var there = await real.StartAsync();
        await AssertSameAsync(_host, there, session);
    }

    [SkippableFact]
    public async Task Copy_AuditLogTamperedWith_SaysWhereItIsBroken()
    {
        await RecordAsync(_host, 1);
        Execute("audit.db", "DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'somebody else' WHERE number = 1");

        var (exitCode, output) = await CopyAsync(_host, peers.Real());

        Assert.Equal(1, exitCode);
        Assert.Contains("Not copied: the audit log from row 1 on. It is broken at row 1.", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Copy_KeyIsDamaged_NamesItOnceAndCopiesOthers()
    {
        var (bad, good) = (await RecordAsync(_host, 1), await RecordAsync(_host, 1));
        var keys = _host.Services.GetRequiredService<IKeyRotationStore>();
        var damaged = (await keys.ListNotWrappedByAsync("", null, 10, default)).Single(key => key.Id.Id == bad.Session.Value);
        var bytes = damaged.Key.Ciphertext.ToArray();
        bytes[^1] ^= 1;
        Assert.True(await keys.TryReplaceAsync(damaged, damaged.Key with { Ciphertext = bytes }, default));
        var real = peers.Real();

        var (exitCode, output) = await CopyAsync(_host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Not copied: the key shop/Session/{bad.Session}. The wrapped key", output, StringComparison.Ordinal);
        Assert.Contains("Copied 1 sessions (1 chunks", output, StringComparison.Ordinal);
        Assert.Contains("1 were not copied;", output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(_host, there, good);
    }

    [SkippableFact]
    public async Task Copy_KeysWrappedAgainBetweenTwoRuns_AreTheSameKeys()
    {
        var session = await RecordAsync(_host, 1);
        var real = peers.Real();
        await CopyAsync(_host, real);
        Assert.Equal(0, (await RunAsync(_host, "rotate-keys")).ExitCode);

        var (exitCode, output) = await CopyAsync(_host, real);

        Assert.Equal(0, exitCode);
        Assert.Contains(" 0 keys,", output, StringComparison.Ordinal);
        await using var there = await real.StartAsync();
        await AssertSameAsync(_host, there, session);
    }

    [SkippableFact]
    public async Task Copy_TargetInUse_IsRefused()
    {
        await RecordAsync(_host, 1);
        var real = peers.Real();
        await CopyAsync(_host, real);
        await using (var there = await real.StartAsync())
        {
            await RecordAsync(there, 1);
        }

        var (exitCode, output) = await CopyAsync(_host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains("it is in use already", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Copy_TargetHasTenantKeysOfItsOwn_IsRefused()
    {
        await RecordAsync(_host, 1);
        var real = peers.Real();
        await using (var there = await real.StartAsync())
        {
            await AddAssetAsync(there, Css);
        }

        await AddAssetAsync(_host, Css);
        var (exitCode, output) = await CopyAsync(_host, real);

        Assert.Equal(1, exitCode);
        Assert.Contains("Failed: The target has another key of the name shop/", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"SessionReplay\":{\"Catalogue\":{}}}", "did you mean 'Catalog'?")]
    [InlineData("{\"SessionReplay\":{\"Catalog\":{\"Provider\":\"Oracle\"}}}", "Oracle")]
    [InlineData("{\"SessionReplay\":{\"DataDirectory\":\"DATA\"}}", "The target has the same catalog as the source.")]
    public async Task Copy_ConfigurationThatCannotBe_SaysWhy(string json, string reason)
    {
        var file = _folder.File("target.json");
        await File.WriteAllTextAsync(file, json.Replace("DATA", _host.DataFolder, StringComparison.Ordinal));

        var (exitCode, output) = await RunAsync(_host, "copy", "--to", file);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_NoSuchFileOrSection_SaysSo()
    {
        Assert.Contains("There is no file", (await RunAsync(_host, "copy", "--to", "nowhere.json")).Output, StringComparison.Ordinal);
        Assert.Contains("has no section 'Nowhere'", (await RunAsync(_host, "copy", "--to", "Nowhere")).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(_host, "copy")).ExitCode);
    }

    private static async Task<(SessionId Session, WindowId Window)> RecordAsync(FullHost host, uint batches)
    {
        var recorded = (Session: Batches.NewSession(), Window: WindowId.Create(TimeProvider.System));
        for (uint seq = 0; seq < batches; seq++)
        {
            await AppendAsync(host, recorded, seq);
        }

        return recorded;
    }

    private static async Task AppendAsync(FullHost host, (SessionId Session, WindowId Window) to, uint seq, string? asset = null)
    {
        var batch = Batches.CreateFull().In(to.Session, to.Window);
        (batch.Seq, batch.Last) = (seq, false);
        if (asset is not null)
        {
            batch.Events.Add(Batches.Dom(Batches.Time + 30, $$$"""{"type":3,"data":{"source":15,"styleId":1,"href":"sr-asset:{{{asset}}}"}}"""));
        }

        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(batch));
        await FullHost.WaitAsync(async () => await host.ChunksAsync(to.Session) > seq, "the chunk");
    }

    /// <returns>The asset's name.</returns>
    private static async Task<string> AddAssetAsync(FullHost host, string css)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(css)));
        using var content = IngestHost.Body(Upload.Frame(Encoding.UTF8.GetBytes(css)));
        using var answer = await host.Client.PostAsync($"v1/sessions/{Batches.NewSession()}/assets/{hash}?key={FullHost.Key}&type=text/css", content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return hash;
    }

    private static async Task AssertSameAsync(FullHost here, FullHost there, params (SessionId Session, WindowId Window)[] recorded)
    {
        foreach (var (session, window) in recorded)
        {
            var manifest = $"api/tenants/shop/sessions/{session}/manifest";
            Assert.Equal((await here.GetAsync(manifest)).ToString(), (await there.GetAsync(manifest)).ToString());
            for (uint seq = 0; seq < await here.ChunksAsync(session); seq++)
            {
                Assert.Equal(await here.ChunkAsync(session, window, seq), await there.ChunkAsync(session, window, seq));
            }
        }

        var (assets, copies) = (here.Services.GetRequiredService<IAssetCatalog>(), there.Services.GetRequiredService<IAssetCatalog>());
        foreach (var (session, _) in recorded)
        {
            SessionRef name = new(new("shop"), session);
            Assert.Equal(await assets.ListNamedAsync(name, default), await copies.ListNamedAsync(name, default));
        }

        Assert.Equal(
            (await assets.ListAsync(new("shop"), null, 100, default)).Select(a => (a.Hash, a.Bytes, string.Join(' ', a.Names))),
            (await copies.ListAsync(new("shop"), null, 100, default)).Select(a => (a.Hash, a.Bytes, string.Join(' ', a.Names))));
        Assert.Null(await there.Services.GetRequiredService<IAuditLog>().FindBreakAsync(default));
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

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(FullHost host, params string[] args)
    {
        using var output = new StringWriter();
        var exitCode = await ActivatorUtilities.CreateInstance<OperatorCommands>(host.Services).RunAsync(args, output, default);
        return (exitCode, output.ToString().TrimEnd());
    }

    private Task<(int ExitCode, string Output)> CopyAsync(FullHost host, CopyConfiguration to, params string[] more) =>
        RunAsync(host, ["copy", "--to", CopyPeers.Write(to, _folder.File("target.json")), .. more]);

    private void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_host.DataFolder, file)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
