using System.Globalization;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Stores;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// A worker catches up with a full queue over a store that is far away, with its objects one after the other and side by side.
/// </summary>
public sealed class ParallelWritesTests(CompactionFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : CompactionCase(output), IClassFixture<CompactionFixtureOf<S3rverUnderTest>>
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    private readonly ITestOutputHelper _output = output;

    [SkippableFact]
    [Trait("Takes", "Long")]
    public async Task Worker_StoreIsFarAway_StoresAllHoweverManyWritesAtOnce()
    {
        var at = await fixture.Installed;
        var serial = await CatchUpAsync(at, 1);
        var parallel = await CatchUpAsync(at, 8);
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"store {Latency.TotalMilliseconds} ms away, one group at a time: {serial:F1} PUTs/s one after the other, {parallel:F1} PUTs/s with 8 at once, ratio {parallel / serial:F1}");
        _output.WriteLine(line);
        FaultFigures.AddNote(line);
    }

    /// <returns>How many objects were put in a second.</returns>
    private async Task<double> CatchUpAsync(Installation at, int writes)
    {
        using var load = StartLoad(at.Front, visitors: 40);
        await load.WaitForAcknowledgedAsync(240, Patience);
        await load.StopAsync(Patience);
        await using var worker = await at.StartWorkerAsync(
            Settings.PatientWithTheStore().With(new Dictionary<string, string?>
            {
                ["SessionReplay:Worker:Concurrency"] = "1",
                ["SessionReplay:Worker:ParallelWrites"] = writes.ToString(CultureInfo.InvariantCulture),
            }),
            Fault.Slow(Latency));
        await WaitUntilAsync(() => Puts(worker) > 0, "a first put");
        var (started, before) = (TimeProvider.System.GetTimestamp(), Puts(worker));
        await Verifier(at.Front).WaitForAsync([.. load.Ledger.Acknowledged], Patience);
        var rate = (Puts(worker) - before) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await ProveAsync(
            at.Store.Adapter, $"queue full, store {Latency.TotalMilliseconds} ms away, {writes} writes at once", at.Front, load);
        return rate;
    }

    private static int Puts(Worker worker) => worker.Store.Exchanges.Count(exchange => exchange.IsPut);
}
