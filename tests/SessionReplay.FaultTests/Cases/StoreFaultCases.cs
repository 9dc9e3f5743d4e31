using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// Faults whose meaning a store's adapter and its client decide: an error, half a put, a put whose outcome is unknown, and half a read.
/// </summary>
public abstract class StoreFaultCases(StoreFixture fixture, ITestOutputHelper output) : StoreCase(fixture, output)
{
    [SkippableFact]
    public Task Store_AnswersErrorsAndIsCutOff_NothingIsLost() => ProveAsync(
        "store answering 503s, cut off in the middle of a put and in place of an answer",
        [Fault.Errors(503, 0.8), Fault.RequestCut(3000), Fault.AnswerCut]);

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Store_CutOffInTheMiddleOfARead_CompactionIsDoneLater() => ProveAsync(
        "store cut off in the middle of a read", [], whileCompacting: Fault.AnswerCutAfter(1000).On("GET "));

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Store_RefusesAndAnswers500sAndIsSlow_NothingIsLost() => ProveAsync(
        "store refusing, answering 500s, slow",
        [Fault.Refused, Fault.Errors(500, 0.8), Fault.Slow(TimeSpan.FromMilliseconds(300))],
        whileCompacting: Fault.Errors(500, 0.8));
}
