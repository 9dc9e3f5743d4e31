using System.Net;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Stores;
using SessionReplay.Testing;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// Sessions are to be deleted while the store fails and other visitors send: they are gone for everybody at once, and their bytes when it
/// is back.
/// </summary>
public sealed class DeletionFaultTests(CompactionFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : CompactionCase(output), IClassFixture<CompactionFixtureOf<S3rverUnderTest>>
{
    [SkippableFact]
    public Task Viewer_DeletesWhileTheStoreRefuses_TheSweepFinishesIt() =>
        ProveAsync("deletion by a viewer, store refusing", Fault.Refused, async (at, session) =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{at.Front.Url}/api/tenants/{Settings.Tenant}/sessions/{session:N}");
        request.Headers.Add("X-Session-Replay", "1");
        using var answer = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    });

    [SkippableFact]
    public Task Visitor_OptsOutWhileTheStoreAnswers500_TheSweepFinishesIt() =>
        ProveAsync("deletion by the visitor, store answering 500s", Fault.Errors(500, 1), async (at, session) =>
    {
        using var answer =
            await Http.PostAsync(
                $"{at.Front.Url}/v1/sessions/{session:N}/forget?key={Settings.WriteKey}", new ByteArrayContent(Upload.Frame([])));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    });

    [SkippableFact]
    public Task Retention_PastWhileTheStoreIsCutOff_TheSweepFinishesIt() =>
        ProveAsync("retention, store cut off in place of an answer", Fault.AnswerCut, (at, session) => at.Catalog.MakeOldAsync([session]));

    private async Task ProveAsync(string name, Fault fault, Func<Installation, Guid, Task> delete)
    {
        var at = await fixture.Installed;
        await WithStoreAsync(at.Store, name, () => ProveOnceAsync(at, name, fault, delete));
    }

    private async Task ProveOnceAsync(Installation at, string name, Fault fault, Func<Installation, Guid, Task> delete)
    {
        using var ended = await EndAsync(at);
        await using var worker =
            await at.StartWorkerAsync(new Dictionary<string, string?> { ["SessionReplay:Sessions:SweepInterval"] = "00:00:01" });
        using var load = StartLoad(at.Front, Others);
        await load.WaitForAcknowledgedAsync(20, Patience);
        (at.FrontStore.Fault, worker.Store.Fault) = (fault, fault);
        foreach (var session in ended.Sessions)
        {
            await delete(at, session);
        }

        // The key is gone first: nobody can read them any more, though their bytes are still there.
        foreach (var session in ended.Sessions)
        {
            await WaitUntilAsync(() => IsGoneAsync(at, session), "a session that is gone for viewers");
        }

        var left = await at.Store.KeysAsync();
        Assert.All(ended.Sessions, session => Assert.Contains(left, key => Belongs(key, session)));
        await Task.Delay(Outage);
        (at.FrontStore.Fault, worker.Store.Fault) = (Fault.None, Fault.None);
        await WaitUntilAsync(
            async () => !(await at.Catalog.SessionsAsync()).Overlaps(ended.Sessions)
            && !(await at.Store.KeysAsync()).Any(key => ended.Sessions.Any(session => Belongs(key, session))),
            "deletions that are finished",
            () => worker.Process.Output);
        await load.WaitForAcknowledgedAsync(20, Patience);
        await ProveAsync(
            at.Store.Adapter, $"{name}: {ended.Sessions.Count} sessions with {ended.Before.Count} chunks deleted, others", at.Front, load);
        foreach (var session in ended.Sessions)
        {
            Assert.True(await IsGoneAsync(at, session), "A deleted session does not come back.");
        }
    }

    private static bool Belongs(string key, Guid session) => key.Contains(session.ToString("N"), StringComparison.Ordinal);

    private async Task<bool> IsGoneAsync(Installation at, Guid session)
    {
        using var answer = await Http.GetAsync($"{at.Front.Url}/api/tenants/{Settings.Tenant}/sessions/{session:N}/manifest");
        return answer.StatusCode == HttpStatusCode.Gone;
    }
}
