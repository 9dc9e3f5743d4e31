using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>A store fails while visitors send; ingest puts into it what is too large for the queue, and the worker the rest.</summary>
public abstract class StoreCase(StoreFixture fixture, ITestOutputHelper output) : FaultCase(output)
{
    /// <summary>How long a fault lasts at least.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(4);

    /// <param name="name">The fault's name for the figures.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="refuses">Whether some batches cannot be taken meanwhile.</param>
    private protected async Task ProveAsync(string name, Fault fault, bool refuses)
    {
        await fixture.StartAsync();
        await WithStoreAsync(fixture.Store, name, () => ProveOnceAsync(name, fault, refuses));
    }

    private async Task ProveOnceAsync(string name, Fault fault, bool refuses)
    {
        fixture.Proxy.Fault = Fault.None;
        using var load = StartLoad(fixture.Front);
        await load.WaitForAcknowledgedAsync(25, Patience);
        var (struck, refused) = (fixture.Proxy.Struck, Refusals(load));
        var outage = Task.Delay(Outage);
        fixture.Proxy.Fault = fault;
        await WaitUntilAsync(
            () => fixture.Proxy.Struck > struck && (!refuses || Refusals(load) > refused), "a request that the fault strikes");
        await outage;
        fixture.Proxy.Fault = Fault.None;
        await load.WaitForAcknowledgedAsync(40, Patience);
        await ProveAsync(fixture.Store.Adapter, name, fixture.Front, load);
    }
}
