using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>A store fails in every way while visitors send; ingest puts into it what is too large for the queue, and the worker the rest.</summary>
public abstract class StoreFaultCases(StoreFixture fixture, ITestOutputHelper output) : FaultCase(output)
{
    /// <summary>How long a fault lasts at least.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(4);

    [SkippableFact]
    public Task Store_RefusesConnections_NothingIsLost() => ProveAsync("store refusing", Fault.Refused, refuses: true);

    [SkippableFact]
    public Task Store_IsSlow_NothingIsLost() => ProveAsync("store slow", Fault.Slow(TimeSpan.FromMilliseconds(300)), refuses: false);

    [SkippableFact]
    public Task Store_AnswersMostWith500_NothingIsLost() => ProveAsync("store answering 500s", Fault.Errors(500, 0.8), refuses: true);

    [SkippableFact]
    public Task Store_AnswersMostWith503_NothingIsLost() => ProveAsync("store answering 503s", Fault.Errors(503, 0.8), refuses: true);

    [SkippableFact]
    public Task Store_CutOffInTheMiddleOfAPut_NothingIsLost() => ProveAsync("store cut off in the middle of a put", Fault.RequestCut(3000), refuses: true);

    [SkippableFact]
    public Task Store_CutOffAfterAPut_NothingIsLost() => ProveAsync("store cut off in place of an answer", Fault.AnswerCut, refuses: true);

    /// <param name="name">The fault's name for the figures.</param>
    /// <param name="fault">The fault.</param>
    /// <param name="refuses">Whether some batches cannot be taken meanwhile.</param>
    private async Task ProveAsync(string name, Fault fault, bool refuses)
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
        await WaitUntilAsync(() => fixture.Proxy.Struck > struck && (!refuses || Refusals(load) > refused), "a request that the fault strikes");
        await outage;
        fixture.Proxy.Fault = Fault.None;
        await load.WaitForAcknowledgedAsync(40, Patience);
        await ProveAsync(fixture.Store.Adapter, name, fixture.Front, load);
    }
}
