using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>Faults that are the same for all stores: what is done about them is not the adapter's code.</summary>
public abstract class StoreOutageCases(StoreFixture fixture, ITestOutputHelper output) : StoreCase(fixture, output)
{
    [SkippableFact]
    public Task Store_RefusesConnections_NothingIsLost() => ProveAsync("store refusing", Fault.Refused, refuses: true);

    [SkippableFact]
    public Task Store_IsSlow_NothingIsLost() => ProveAsync("store slow", Fault.Slow(TimeSpan.FromMilliseconds(300)), refuses: false);

    [SkippableFact]
    public Task Store_AnswersMostWith500_NothingIsLost() => ProveAsync("store answering 500s", Fault.Errors(500, 0.8), refuses: true);
}
