using System.Net;
using System.Text.Json;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Queues;
using SessionReplay.LoadGenerator;
using SessionReplay.Testing;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// The key store goes away and comes back while visitors send and somebody looks; the same recordings are played before and after
/// compaction.
/// </summary>
public sealed class KeyStoreFaultTests(ITestOutputHelper output) : CompactionCase(output)
{
    /// <summary>
    /// Keys are forgotten at once: each session needs the key store again and again. A key store that hangs is given up soon.
    /// </summary>
    private static readonly Dictionary<string, string?> Forgetful = new()
    {
        ["SessionReplay:Crypto:KeyCacheTime"] = "00:00:01",
        ["SessionReplay:Resilience:KeyStore:Timeout"] = "00:00:03",
    };

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task PostgreSql_RefusesConnections_IsSaidAndRecovers() => ProveAsync("key store refusing", Fault.Refused);

    [SkippableFact]
    public Task PostgreSql_Hangs_IsSaidAndRecovers() => ProveAsync("key store hanging", Fault.Held);

    [SkippableFact]
    public async Task Sqlite_LockedByAnotherProcess_NewSessionsAreRefusedAndKnownOnesGoOn()
    {
        using var folder = new TempFolder();
        await using var host = await HostProcess.StartAsync("All", Settings.Common(folder.FullPath));
        using var known = StartLoad(host);
        await known.WaitForAcknowledgedAsync(30, Patience);
        var played = known.Ledger.Acknowledged.First();
        await Verifier(host).WaitForAsync([played], Patience);
        Load late;
        await using (await SqliteLock.TakeAsync(folder.File("keys/keys.db")))
        {
            late = StartLoad(host);
            await WaitUntilAsync(() => Refusals(late) >= 3, "new sessions that are refused because no key can be kept");
            await known.WaitForAcknowledgedAsync(20, Patience);
            using var answer = await AskAsync(host, played);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using (late)
        {
            await late.WaitForAcknowledgedAsync(30, Patience);
            await ProveAsync("embedded", "key store locked, sessions that had a key", host, known);
            await ProveAsync("embedded", "key store locked, new sessions", host, late);
        }
    }

    private async Task ProveAsync(string name, Fault fault)
    {
        await using var at = await Installation.StartAsync(new SqliteUnderTest(), settings: Forgetful);
        using var ended = await EndAsync(at, async load =>
        {
            var played = load.Ledger.Acknowledged.First();
            await Verifier(at.Front).WaitForAsync([played], Patience);
            var refused = Refusals(load);
            at.FrontKeys.Fault = fault;
            await WaitUntilAsync(() => Refusals(load) >= refused + 4, "batches that are refused because the key store is away");
            await WaitUntilAsync(
                async () =>
                {
                    using var answer = await AskAsync(at.Front, played);
                    return answer.StatusCode == HttpStatusCode.ServiceUnavailable && await IsSaidAsync(answer);
                },
                "playback that says what is unavailable");
            at.FrontKeys.Fault = Fault.None;
            await load.WaitForAcknowledgedAsync(30, Patience);
            await WaitUntilAsync(
                async () =>
                {
                    using var answer = await AskAsync(at.Front, played);
                    return answer.StatusCode == HttpStatusCode.OK;
                },
                "playback that plays again");
        });
        await using var worker = await at.StartWorkerAsync(Settings.EndingSoon());
        await ProveCompactedAsync(at, "PostgreSql", name, ended);
    }

    private Task<HttpResponseMessage> AskAsync(HostProcess host, BatchName chunk) =>
        Http.GetAsync(
            $"{host.Url}/api/tenants/{Settings.Tenant}/sessions/{chunk.Session:N}/batches?"
            + PlaybackStream.Stretch(chunk.Window, chunk.Seq, chunk.Seq));

    private static async Task<bool> IsSaidAsync(HttpResponseMessage answer)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("key-store", problem.RootElement.GetProperty("unavailable").GetString());
        return true;
    }
}
