using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>A store fails in every way while sessions are compacted and other visitors send.</summary>
public abstract class CompactionFaultCases(CompactionFixture fixture, ITestOutputHelper output) : CompactionCase(output)
{
    [SkippableFact]
    public async Task Store_Works_CompactionIsOneWriteAndNoRead()
    {
        var at = await fixture.Installed;
        using var ended = await EndAsync(at);
        await using var worker = await at.StartWorkerAsync(Settings.EndingSoon());
        await ProveCompactedAsync(at, "compaction, requests counted", ended);

        Assert.All(ended.Sessions, session =>
        {
            var request = Assert.Single(
                worker.Store.Exchanges, exchange => exchange.Request.Contains(session.ToString("N"), StringComparison.Ordinal)).Request;
            Assert.Contains(request.Split(' ')[0], (string[])["PUT", "POST"]);
            Assert.Contains(Recording, request, StringComparison.Ordinal);
        });
    }

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Store_RefusesConnections_CompactionIsDoneLater() =>
        ProveAsync("compaction, store refusing", _ => Fault.Refused, StoreFailed, beforeOthersSend: true);

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Store_AnswersMostWith500_CompactionIsDoneLater() =>
        ProveAsync("compaction, store answering 500s", _ => Fault.Errors(500, 0.8), StoreFailed, beforeOthersSend: true);

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Store_IsSlow_CompactionIsDone() => ProveAsync(
        "compaction, store slow", _ => Fault.Slow(TimeSpan.FromMilliseconds(20)),
        async (at, ended, _) => await at.Catalog.CountNotCompactedAsync(ended.Sessions) == 0,
        Settings.PatientWithTheStore());

    [SkippableFact]
    public Task Store_CutOffInTheMiddleOfARecordingsPut_CompactionIsDoneLater() =>
        ProveAsync("compaction, store cut off in the middle of a put", _ => Fault.RequestCut(3000).On(Recording), Struck);

    [SkippableFact]
    public Task Store_CutOffAfterARecordingsPut_CompactionIsDoneLater() =>
        ProveAsync("compaction, store cut off in place of an answer", _ => Fault.AnswerCut.On(Recording), Struck);

    private static Task<bool> Struck(Installation at, EndedLoad ended, Worker worker) => Task.FromResult(worker.Store.Struck > 0);

    /// <summary>
    /// Nobody counts what is not even connected: the worker says it.
    /// </summary>
    private static Task<bool> StoreFailed(Installation at, EndedLoad ended, Worker worker) =>
        Task.FromResult(worker.Process.Output.Contains("The blob store keeps failing", StringComparison.Ordinal)
            || worker.Process.Output.Contains("Session sweep ended early", StringComparison.Ordinal));

    /// <param name="name">The fault's name for the figures.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="has">Whether it has had its effect on compaction.</param>
    /// <param name="settings">More settings of the worker.</param>
    /// <param name="beforeOthersSend">Whether other visitors send only once it has.</param>
    private async Task ProveAsync(
        string name, Func<Installation, Fault> fault, Func<Installation, EndedLoad, Worker, Task<bool>> has,
        Dictionary<string, string?>? settings = null,
        bool beforeOthersSend = false)
    {
        var at = await fixture.Installed;
        await WithStoreAsync(at.Store, name, async () =>
        {
            using var ended = await EndAsync(at);
            await using var worker = await at.StartWorkerAsync(Settings.EndingSoon().With(settings ?? []), fault(at));
            using var early = beforeOthersSend ? null : StartLoad(at.Front, Others);
            await WaitUntilAsync(
                () => has(at, ended, worker), "the fault's effect on compaction", () => worker.Process.Output,
                () => worker.Store.Exchanges.Count);
            using var late = beforeOthersSend ? StartLoad(at.Front, Others) : null;
            var load = early ?? late!;
            await Task.Delay(Outage);
            worker.Store.Fault = Fault.None;
            await load.WaitForAcknowledgedAsync(20, Patience);
            await ProveCompactedAsync(at, name, ended);
            await ProveAsync(at.Store.Adapter, $"{name}, sessions that began meanwhile", at.Front, load);
        });
    }
}
