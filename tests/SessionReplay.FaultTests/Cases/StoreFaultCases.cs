using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// Faults whose meaning a store's adapter and its client decide: an error, half a put, and a put whose outcome is unknown.
/// </summary>
public abstract class StoreFaultCases(StoreFixture fixture, ITestOutputHelper output) : StoreCase(fixture, output)
{
    [SkippableFact]
    public Task Store_AnswersMostWith503_NothingIsLost() => ProveAsync("store answering 503s", Fault.Errors(503, 0.8), refuses: true);

    [SkippableFact]
    public Task Store_CutOffInTheMiddleOfAPut_NothingIsLost() =>
        ProveAsync("store cut off in the middle of a put", Fault.RequestCut(3000), refuses: true);

    [SkippableFact]
    public Task Store_CutOffAfterAPut_NothingIsLost() => ProveAsync("store cut off in place of an answer", Fault.AnswerCut, refuses: true);
}
