using System.Net;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Stores;
using SessionReplay.LoadGenerator;
using SessionReplay.Testing;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// Sessions are to be deleted while the store fails and other visitors send, both such as lie in the store and such as the catalog holds:
/// they are gone for everybody at once, and their bytes when it is back.
/// </summary>
public sealed class DeletionFaultTests(CompactionFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : CompactionCase(output), IClassFixture<CompactionFixtureOf<S3rverUnderTest>>
{
    [SkippableFact]
    public Task Sessions_DeletedInEveryWayWhileTheStoreRefuses_TheSweepFinishesIt() =>
        ProveAsync("deletion, store refusing", Fault.Refused);

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Sessions_DeletedInEveryWayWhileTheStoreAnswers500_TheSweepFinishesIt() =>
        ProveAsync("deletion, store answering 500s", Fault.Errors(500, 1));

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Sessions_DeletedInEveryWayWhileTheStoreIsCutOff_TheSweepFinishesIt() =>
        ProveAsync("deletion, store cut off in place of an answer", Fault.AnswerCut);

    private async Task ProveAsync(string name, Fault fault)
    {
        var at = await fixture.Installed;
        await WithStoreAsync(at.Store, name, () => ProveOnceAsync(at, name, fault));
    }

    private async Task ProveOnceAsync(Installation at, string name, Fault fault)
    {
        using var ended = await EndAsync(at);
        await using (await at.StartWorkerAsync(Settings.EndingSoon()))
        {
            await ProveCompactedAsync(at, $"{name}: before it", ended);
        }

        await using var worker =
            await at.StartWorkerAsync(new Dictionary<string, string?> { ["SessionReplay:Sessions:SweepInterval"] = "00:00:01" });
        using var held = await HoldAsync(at);
        using var load = StartLoad(at.Front, Others);
        await load.WaitForAcknowledgedAsync(20, Patience);
        var unowned = await at.Catalog.CountUnownedAsync();
        (at.FrontStore.Fault, worker.Store.Fault) = (fault, fault);
        var deleted = await DeleteAsync(at, [.. ended.Sessions, .. held.Ledger.Acknowledged.Select(batch => batch.Session).Distinct()]);

        // The key is gone first: nobody can read them any more, though their bytes are still there.
        foreach (var session in deleted)
        {
            await WaitUntilAsync(() => IsGoneAsync(at, session), "a session that is gone for viewers");
        }

        var left = await at.Store.KeysAsync();
        Assert.All(ended.Sessions, session => Assert.Contains(left, key => Belongs(key, session)));
        await Task.Delay(Outage);
        (at.FrontStore.Fault, worker.Store.Fault) = (Fault.None, Fault.None);
        await WaitUntilAsync(
            async () => !(await at.Catalog.SessionsAsync()).Overlaps(deleted)
            && !(await at.Store.KeysAsync()).Any(key => deleted.Any(session => Belongs(key, session))),
            "deletions that are finished",
            () => worker.Process.Output);
        // What had left the catalog before goes with the table of its quarter of an hour.
        Assert.Equal(unowned + ended.Before.Count, await at.Catalog.CountUnownedAsync());
        await load.WaitForAcknowledgedAsync(20, Patience);
        await ProveAsync(at.Store.Adapter, $"{name}: {deleted.Count} sessions deleted, others", at.Front, load);
        foreach (var session in deleted)
        {
            Assert.True(await IsGoneAsync(at, session), "A deleted session does not come back.");
        }
    }

    /// <summary>Lets visitors come, act and leave, whose sessions stay in the catalog.</summary>
    private async Task<Load> HoldAsync(Installation at)
    {
        var load = StartLoad(at.Front, Others);
        await load.WaitForAcknowledgedAsync(15, Patience);
        await load.StopAsync(Patience);
        await Verifier(at.Front).WaitForAsync([.. load.Ledger.Acknowledged], Patience);
        return load;
    }

    /// <summary>Deletes each session in one of three ways: a viewer does, the visitor does, or its time is over.</summary>
    private async Task<List<Guid>> DeleteAsync(Installation at, List<Guid> sessions)
    {
        foreach (var (i, session) in sessions.Index())
        {
            if (i % 3 == 0)
            {
                var url = $"{at.Front.Url}/api/tenants/{Settings.Tenant}/sessions/{session:N}";
                using var request = new HttpRequestMessage(HttpMethod.Delete, url);
                request.Headers.Add("X-Session-Replay", "1");
                using var answer = await Http.SendAsync(request);
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            }
            else if (i % 3 == 1)
            {
                using var content = new ByteArrayContent(Upload.Frame([]));
                using var answer = await Http.PostAsync($"{at.Front.Url}/v1/sessions/{session:N}/forget?key={Settings.WriteKey}", content);
                Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            }
            else
            {
                await at.Catalog.MakeOldAsync([session]);
            }
        }

        return sessions;
    }

    private static bool Belongs(string key, Guid session) => key.Contains(session.ToString("N"), StringComparison.Ordinal);

    private async Task<bool> IsGoneAsync(Installation at, Guid session)
    {
        using var answer = await Http.GetAsync($"{at.Front.Url}/api/tenants/{Settings.Tenant}/sessions/{session:N}/manifest");
        return answer.StatusCode == HttpStatusCode.Gone;
    }
}
