using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Stores;
using SessionReplay.LoadGenerator;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// Sessions outgrow what the catalog holds of one: workers write parts of them while visitors send, are killed at it, and join the parts at
/// the end.
/// </summary>
[Trait("Takes", "Long")]
public sealed class SpillFaultTests(CompactionFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : CompactionCase(output), IClassFixture<CompactionFixtureOf<S3rverUnderTest>>
{
    private const string Part = "_part.bin";

    [SkippableFact]
    public async Task Worker_KilledBetweenAPartsPutAndItsNote_AnotherWritesIt()
    {
        var at = await fixture.Installed;
        using var load = Load.Start(new()
        {
            Ingest = [at.Front.Url],
            WriteKey = Settings.WriteKey,
            Visitors = 2,
            Pace = TimeSpan.FromMilliseconds(1),
        });
        await using (var worker = await at.StartWorkerAsync(Settings.EndingSoon(), Fault.Held.On(Part)))
        {
            await WaitForAsync(() => Task.FromResult(worker.Store.Struck > 0), "a part that is being put", worker);
            worker.Catalog.Fault = Fault.Held;
            worker.Store.Fault = Fault.None;
            await WaitForAsync(async () => IsThere(await at.Store.KeysAsync()), "a part that is put", worker);
            await worker.Process.KillAsync();
        }

        await using var next = await at.StartWorkerAsync(Settings.EndingSoon());
        await WaitForAsync(async () => IsThere(await at.Catalog.BlobKeysAsync()), "chunks in a part", next);
        await load.StopAsync(Patience);
        HashSet<Guid> sessions = [.. load.Ledger.Acknowledged.Select(batch => batch.Session)];
        await WaitForAsync(
            async () => await at.Catalog.CountNotCompactedAsync(sessions) == 0 && !IsThere(await at.Store.KeysAsync()),
            "recording objects in the place of parts", next);
        await ProveAsync(at.Store.Adapter, "worker killed between a part's put and its note", at.Front, load);

        static bool IsThere(IEnumerable<string> keys) => keys.Any(key => key.EndsWith(Part, StringComparison.Ordinal));

        Task WaitForAsync(Func<Task<bool>> condition, string what, Worker worker) =>
            WaitUntilAsync(condition, what, () => worker.Process.Output, () => load.Ledger.AcknowledgedCount);
    }
}
