using System.Net;
using SessionReplay.FaultTests.Catalogs;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.LoadGenerator;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// The store is away for long while visitors come, send and leave: the catalog holds their sessions, and plays them, until it is full; when
/// the store is back they leave the catalog for it. An hour is compressed into half a minute: sessions end after a second, and are to be
/// compacted every second.
/// </summary>
public abstract class StoreAwayCases(Func<CatalogUnderTest> create, ITestOutputHelper output) : FaultCase(output)
{
    private const int Rounds = 4;
    private const long MaxBytes = 64 << 20;

    /// <summary>What is recorded until a process reads the size again, which it does every 5 seconds.</summary>
    private const long Beyond = MaxBytes / 2;

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(6);

    [SkippableFact]
    public async Task Store_AwayWhileSessionsEnd_TheCatalogHoldsAndPlaysThemUntilItIsBack()
    {
        await using var at = await StoreAway.StartAsync(create());
        var loads = new List<Load>();
        try
        {
            loads.Add(await VisitAsync(at));
            await WaitForCompactedAsync(at, loads);
            // Nothing, or what a database gives back later.
            var before = await WaitForUsedAsync(at, used => used >= 0, "what the catalog holds");
            at.Store.Fault = Fault.Refused;
            for (var round = 0; round < Rounds; round++)
            {
                loads.Add(await VisitAsync(at));
                await Task.Delay(Away);
            }

            var held = loads[1..];
            Assert.Equal(Sessions(held).Count, await at.Catalog.View.CountNotCompactedAsync(Sessions(held)));
            Assert.Equal(held.Sum(load => load.Ledger.AcknowledgedCount), await at.Catalog.View.CountHeldAsync(Sessions(held)));
            await WaitForUsedAsync(at, used => used > before, "a catalog that has grown");
            foreach (var load in held)
            {
                await ProveAsync(at.Catalog.Adapter, "store away while sessions end, played from the catalog", at.Front, load);
            }

            at.Store.Fault = Fault.None;
            await WaitForCompactedAsync(at, loads);
            Assert.Equal(0, await at.Catalog.View.CountHeldAsync(Sessions(held)));
            foreach (var load in loads)
            {
                await ProveAsync(at.Catalog.Adapter, "store away while sessions end, played from recordings", at.Front, load);
            }
        }
        finally
        {
            loads.ForEach(load => load.Dispose());
        }
    }

    [SkippableFact]
    [Trait("Takes", "Long")]
    public async Task Store_AwayUntilTheCatalogIsFull_BatchesAreRefusedAndTakenAfterwards()
    {
        await using var at = await StoreAway.StartAsync(create(), MaxBytes);
        at.Store.Fault = Fault.Refused;
        using var load = StartManyVisitors(at);
        await WaitUntilAsync(
            () => Task.FromResult(Refusals(load) >= 100), "batches that are refused because the catalog is full", () => at.Worker.Output,
            () => load.Ledger.AcknowledgedCount);
        var (status, body) = await at.PostAsync(Http);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("catalog-full", body, StringComparison.Ordinal);
        var full = await WaitForUsedAsync(at, used => used >= MaxBytes, "a full catalog");
        await Task.Delay(TimeSpan.FromSeconds(15));
        var size = await at.Catalog.ReadSizeAsync();
        FaultFigures.AddNote(FormattableString.Invariant(
            $"{at.Catalog.Adapter}, catalog full: {full / (1 << 20):F0} MiB used, {size / (1 << 20)} MiB on the disk, bound {MaxBytes >> 20} MiB"));
        Assert.InRange((await at.Worker.ReadMetricAsync(Http, StoreAway.Used))!.Value, MaxBytes, MaxBytes + Beyond);
        Assert.InRange(size, MaxBytes, MaxBytes + Beyond);

        at.Store.Fault = Fault.None;
        await WaitForCompactedAsync(at, [load]);
        await at.Catalog.PassTimeAsync();
        await load.WaitForAcknowledgedAsync(100, Patience);
        await ProveAsync(at.Catalog.Adapter, "store away until the catalog is full", at.Front, load);
        await WaitUntilAsync(
            async () => await at.Catalog.ReadSizeAsync() < MaxBytes / 2, "a catalog that is small again", () => at.Worker.Output);
    }

    private static HashSet<Guid> Sessions(IEnumerable<Load> loads) =>
        [.. loads.SelectMany(load => load.Ledger.Acknowledged).Select(batch => batch.Session)];

    private static Load StartManyVisitors(StoreAway at) => Load.Start(new()
    {
        Ingest = [at.Front.Url],
        WriteKey = Hosts.Settings.WriteKey,
        Visitors = 24,
        Pace = TimeSpan.FromMilliseconds(50),
    });

    /// <summary>Lets visitors come, send and leave.</summary>
    private async Task<Load> VisitAsync(StoreAway at)
    {
        var load = StartLoad(at.Front, visitors: 4);
        try
        {
            await load.WaitForAcknowledgedAsync(16, Patience);
            await load.StopAsync(Patience);
            await Verifier(at.Front).WaitForAsync([.. load.Ledger.Acknowledged], Patience);
            return load;
        }
        catch
        {
            load.Dispose();
            throw;
        }
    }

    private static Task WaitForCompactedAsync(StoreAway at, IReadOnlyList<Load> loads)
    {
        var left = 0;
        return WaitUntilAsync(
            async () => (left = await at.Catalog.View.CountNotCompactedAsync(Sessions(loads))) == 0, "recording objects of all sessions",
            () => at.Worker.Output, () => left);
    }

    /// <summary>Waits until a condition holds for the bytes that the worker reports to be used.</summary>
    private async Task<double> WaitForUsedAsync(StoreAway at, Func<double, bool> condition, string what)
    {
        double? used = null;
        await WaitUntilAsync(
            async () => (used = await at.Worker.ReadMetricAsync(Http, StoreAway.Used)) is { } bytes && condition(bytes),
            "the report of " + what, () => $"{used} bytes\n{at.Worker.Output}");
        return used!.Value;
    }
}
