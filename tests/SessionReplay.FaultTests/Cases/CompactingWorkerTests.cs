using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// Workers are killed and stopped in the middle of a compaction while visitors send; another takes over within the time of a claim.
/// </summary>
public sealed class CompactingWorkerTests(CompactingWorkerFixture fixture, ITestOutputHelper output)
    : CompactionCase(output), IClassFixture<CompactingWorkerFixture>
{
    private const string SessionPrefix = "session_";
    private const int IdLength = 32;

    [SkippableFact]
    [Trait("Takes", "Long")]
    public async Task Worker_KilledInTheMiddleOfAPut_AnotherTakesOver()
    {
        var at = await fixture.Installed;
        using var ended = await EndAsync(at);
        using var load = StartLoad(at.Front, Others);
        await using (var worker = await at.StartWorkerAsync(Settings.EndingSoon(), Fault.Held.On(Recording)))
        {
            await WaitUntilAsync(() => worker.Store.Struck > 0, "a recording object that is being put");
            await worker.Process.KillAsync();
        }

        await using var next = await at.StartWorkerAsync(Settings.EndingSoon());
        await ProveCompactedAsync(at, "worker killed in the middle of a compaction's put", ended);
        await ProveAsync(
            at.Store.Adapter, "worker killed in the middle of a compaction's put, sessions that began meanwhile", at.Front, load);
    }

    [SkippableFact]
    public async Task Worker_KilledBetweenPutAndNote_AnotherTakesOverWithAnObjectOfItsOwn()
    {
        var at = await fixture.Installed;
        using var ended = await EndAsync(at);
        using var load = StartLoad(at.Front, Others);
        string left;
        await using (var worker = await at.StartWorkerAsync(Settings.EndingSoon(), Fault.Held.On(Recording)))
        {
            left = await HoldBetweenPutAndNoteAsync(worker);
            await worker.Process.KillAsync();
        }

        await using var next = await at.StartWorkerAsync(Settings.EndingSoon());
        await ProveCompactedAsync(at, "worker killed between a compaction's put and its note", ended);
        await ProveAsync(
            at.Store.Adapter, "worker killed between a compaction's put and its note, sessions that began meanwhile", at.Front, load);
        await AssertReplacedAsync(at, left);
    }

    [SkippableFact]
    [Trait("Takes", "Long")]
    public async Task Worker_KilledBetweenNoteAndDeletion_AnotherDeletesWhatIsReplaced()
    {
        var at = await fixture.Installed;
        using var ended = await EndAsync(at);
        var objects = await at.Catalog.BlobKeysAsync();
        await using (var worker = await at.StartWorkerAsync(Settings.EndingSoon(), Fault.Errors(500, 1).On("?delete")))
        {
            await WaitUntilAsync(
                async () => (await LeftAsync()).Count > 0, "objects in which no chunk lies any more", () => worker.Process.Output);
            await worker.Process.KillAsync();
        }

        var left = await LeftAsync();
        await using var next = await at.StartWorkerAsync(Settings.EndingSoon());
        await ProveCompactedAsync(at, "worker killed between a compaction's note and its deletions", ended);
        await WaitUntilAsync(
            async () => !(await at.Store.KeysAsync()).Overlaps(left), "that nothing is left of what was replaced", () => next.Process.Output);

        async Task<HashSet<string>> LeftAsync() =>
            [.. objects.Except(await at.Catalog.BlobKeysAsync()).Intersect(await at.Store.KeysAsync())];
    }

    [SkippableFact]
    public async Task Worker_StoppedBetweenPutAndNoteUntilAnotherIsDone_CanDoNoHarmWhenItGoesOn()
    {
        var at = await fixture.Installed;
        using var ended = await EndAsync(at);
        using var load = StartLoad(at.Front, Others);
        await using var first = await at.StartWorkerAsync(Settings.EndingSoon(), Fault.Held.On(Recording));
        var left = await HoldBetweenPutAndNoteAsync(first);
        await at.Queue.FreezeAsync(first.Process);

        await using var second = await at.StartWorkerAsync(Settings.EndingSoon());
        // What the first has put may belong to a session of an earlier case: it is waited for by its own name.
        var session = left[..(left.IndexOf(SessionPrefix, StringComparison.Ordinal) + SessionPrefix.Length + IdLength)] + '_';
        await WaitUntilAsync(
            async () => await at.Catalog.CountNotCompactedAsync(ended.Sessions) == 0
                && (await at.Catalog.BlobKeysAsync()).Any(key => key != left && key.StartsWith(session, StringComparison.Ordinal)),
            "recording objects that the other makes", () => second.Process.Output);
        first.Catalog.Fault = Fault.None;
        await first.Process.ThawAsync();
        await load.WaitForAcknowledgedAsync(40, Patience);
        Assert.Equal(0, await first.Process.StopAsync());
        await ProveCompactedAsync(at, "worker stopped in a compaction until another is done", ended);
        await ProveAsync(
            at.Store.Adapter, "worker stopped in a compaction until another is done, sessions that began meanwhile", at.Front, load);
        await AssertReplacedAsync(at, left);
    }

    /// <summary>Lets a recording object be put, and holds back that it is noted.</summary>
    /// <returns>The object's key.</returns>
    private static async Task<string> HoldBetweenPutAndNoteAsync(Worker worker)
    {
        await WaitUntilAsync(() => worker.Store.Struck > 0, "a recording object that is being put");
        worker.Catalog.Fault = Fault.Held;
        worker.Store.Fault = Fault.None;
        Exchange? put = null;
        await WaitUntilAsync(
            () => (put = worker.Store.Exchanges.FirstOrDefault(
                exchange => exchange.IsPut && exchange.ObjectKey.Contains(Recording, StringComparison.Ordinal))) is not null,
            "a recording object that is put and not noted");
        return put!.ObjectKey;
    }

    /// <summary>The object of the claim that was lost is named by no chunk, and goes away.</summary>
    private static async Task AssertReplacedAsync(Installation at, string left)
    {
        Assert.DoesNotContain(left, await at.Catalog.BlobKeysAsync());
        await WaitUntilAsync(async () => !(await at.Store.KeysAsync()).Contains(left), "that nothing is left of the lost claim");
    }
}
