using System.Data.Common;
using System.Net;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Stores;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// An application on embedded parts moves to PostgreSQL and S3 and back while visitors send: the command is killed in the middle, run
/// again, a session is deleted meanwhile, and in the end every batch that was answered with 202 is played where it is now.
/// </summary>
public sealed class CopyFaultTests(ITestOutputHelper output) : FaultCase(output)
{
    private const string Section = "CopyTarget";
    private const string Roles = "Ingest, Worker, Playback";

    private readonly ITestOutputHelper _output = output;

    [SkippableFact]
    public Task Copy_KilledAndRunAgainWhileRecording_EveryAcknowledgedBatchIsAtTheTarget() =>
        ProveAsync(new S3rverUnderTest(), andBack: false);

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Copy_ThereAndBack_EveryAcknowledgedBatchIsAtTheTarget() => ProveAsync(new CephUnderTest(), andBack: true);

    private async Task ProveAsync(StoreUnderTest s3, bool andBack)
    {
        PostgreSqlServer.Require();
        using var folder = new TempFolder();
        await using var store = s3;
        await store.StartAsync();
        await using var database = await PostgreSqlServer.StartAsync();
        var embedded = Settings.Common(folder.File("embedded")).With(Settings.EndingSoon());
        var real = Settings.Common(folder.File("real")).With(Settings.EndingSoon()).With(store.Settings(store.Port))
            .With(Settings.PostgreSql(database, database.Port, database.Port));

        await MoveAsync("SQLite and a folder to PostgreSQL and S3", embedded, real, new CatalogView(database.ConnectionString));
        if (!andBack)
        {
            return;
        }

        var other = Settings.Common(folder.File("other")).With(Settings.EndingSoon());
        await MoveAsync(
            "PostgreSQL and S3 to SQLite and a folder", real, other, new SqliteCatalogView(folder.File(Path.Combine("other", "catalog.db"))));
    }

    /// <param name="name">The case's name in the figures.</param>
    /// <param name="from">The settings that are moved from.</param>
    /// <param name="to">The settings that are moved to.</param>
    /// <param name="target">The catalog that is moved to.</param>
    private async Task MoveAsync(string name, Dictionary<string, string?> from, Dictionary<string, string?> to, ICatalogView target)
    {
        var command = from.With(to.ToDictionary(
            setting => setting.Key.Replace("SessionReplay:", $"{Section}:", StringComparison.Ordinal), setting => setting.Value));
        await using var host = await HostProcess.StartAsync(Roles, from);
        var deleted = await RecordOneAsync(host);
        using var load = StartLoad(host);
        await load.WaitForAcknowledgedAsync(60, Patience);
        await KillInTheMiddleAsync(command, target);
        await load.WaitForAcknowledgedAsync(20, Patience);
        var (exitCode, printed) = await RunAsync(command);
        Assert.True(exitCode == 0, printed);
        using (var request = new HttpRequestMessage(HttpMethod.Delete, $"{host.Url}/api/tenants/{Settings.Tenant}/sessions/{deleted:N}"))
        {
            request.Headers.Add("X-Session-Replay", "1");
            using var answer = await Http.SendAsync(request);
            Assert.True(answer.IsSuccessStatusCode, answer.StatusCode.ToString());
        }

        await load.WaitForAcknowledgedAsync(20, Patience);
        await load.StopAsync(Patience);
        await Verifier(host).WaitForAsync([.. load.Ledger.Acknowledged], Patience);
        Assert.Equal(0, await host.StopAsync());

        // What is new since is copied, and the application goes on with the other settings.
        (exitCode, printed) = await RunAsync(command);
        Assert.True(exitCode == 0, printed);
        Assert.Contains("The source's queue is empty.", printed, StringComparison.Ordinal);
        (exitCode, printed) = await RunAsync(command, "--verify");
        Assert.True(exitCode == 0, printed);
        Assert.DoesNotContain("written again", printed, StringComparison.OrdinalIgnoreCase);
        await using var moved = await HostProcess.StartAsync(Roles, to);
        await ProveAsync("copy", name, moved, load);
        using var gone = await Http.GetAsync($"{moved.Url}/api/tenants/{Settings.Tenant}/sessions/{deleted:N}/manifest");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.StartsWith("The audit log is whole.", await moved.RunCommandAsync("verify-audit"), StringComparison.Ordinal);
    }

    /// <returns>A session that is stored.</returns>
    private async Task<Guid> RecordOneAsync(HostProcess host)
    {
        using var load = StartLoad(host, visitors: 1);
        await load.WaitForAcknowledgedAsync(5, Patience);
        await load.StopAsync(Patience);
        await Verifier(host).WaitForAsync([.. load.Ledger.Acknowledged], Patience);
        return load.Ledger.Acknowledged.First().Session;
    }

    private static async Task KillInTheMiddleAsync(Dictionary<string, string?> command, ICatalogView target)
    {
        await using var process = HostProcess.StartCommand(command, "copy", "--to", Section);
        await WaitUntilAsync(async () => process.HasExited || await HasSomeAsync(), "chunks at the target", () => process.Output);
        Assert.False(process.HasExited, process.Output);
        await process.KillAsync();

        async Task<bool> HasSomeAsync()
        {
            try
            {
                return await target.CountChunksAsync() > 3;
            }
            catch (DbException)
            {
                return false; // It has no tables yet.
            }
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(Dictionary<string, string?> command, params string[] more)
    {
        await using var process = HostProcess.StartCommand(command, ["copy", "--to", Section, .. more]);
        var exitCode = await process.WaitForExitAsync(TimeSpan.FromMinutes(4));
        _output.WriteLine(process.Output);
        return (exitCode, process.Output.Trim());
    }
}
