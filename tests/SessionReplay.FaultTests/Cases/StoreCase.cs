using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// A store fails while visitors send. Ingest puts into it what is too large for the queue, and compaction reads that again and writes
/// recording objects.
/// </summary>
public abstract class StoreCase(StoreFixture fixture, ITestOutputHelper output) : FaultCase(output)
{
    /// <summary>How long a fault lasts at least.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(3);

    /// <param name="name">The faults' name for the figures.</param>
    /// <param name="whileSending">What strikes one after the other while visitors send.</param>
    /// <param name="whileCompacting">What strikes when they have left.</param>
    private protected async Task ProveAsync(string name, Fault[] whileSending, Fault? whileCompacting = null)
    {
        await fixture.StartAsync();
        await WithStoreAsync(fixture.Store, name, () => ProveOnceAsync(name, whileSending, whileCompacting));
    }

    private async Task ProveOnceAsync(string name, Fault[] whileSending, Fault? whileCompacting)
    {
        fixture.Proxy.Fault = Fault.None;
        using var load = StartLoad(fixture.Front);
        await load.WaitForAcknowledgedAsync(15, Patience);
        foreach (var fault in whileSending)
        {
            await StrikeAsync(fault, () => fault.Kind == FaultKind.Slow || Refusals(load) > 0);
            await load.WaitForAcknowledgedAsync(20, Patience);
        }

        await load.StopAsync(Patience);
        if (whileCompacting is not null)
        {
            await StrikeAsync(whileCompacting, () => true);
        }

        HashSet<Guid> sessions = [.. load.Ledger.Acknowledged.Select(batch => batch.Session)];
        await WaitUntilAsync(
            async () => await fixture.Catalog.CountNotCompactedAsync(sessions) == 0, "recording objects of all sessions",
            () => fixture.Worker.Output, patience: 2 * Patience);
        await ProveAsync(fixture.Store.Adapter, name, fixture.Front, load);
    }

    /// <summary>Lets a fault last for a while, and until it has struck.</summary>
    private async Task StrikeAsync(Fault fault, Func<bool> hadEffect)
    {
        var struck = fixture.Proxy.Struck;
        var outage = Task.Delay(Outage);
        fixture.Proxy.Fault = fault;
        await WaitUntilAsync(
            () => Task.FromResult(fixture.Proxy.Struck > struck && hadEffect()), $"a request that the fault strikes: {fault}",
            () => fixture.Worker.Output);
        await outage;
        fixture.Proxy.Fault = Fault.None;
    }
}
