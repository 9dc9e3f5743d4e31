using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// What a queue's adapter itself decides: its server is taken away, and the leases of a worker that has stopped run out, while visitors
/// send.
/// </summary>
public abstract class QueueFaultCases(QueueFixture fixture, ITestOutputHelper output) : QueueCase(output)
{
    [SkippableFact]
    public async Task Server_TakenAwayTwiceUnderLoad_NothingIsLost()
    {
        var at = await fixture.Installed;
        await using var worker = await at.StartWorkerAsync();
        using var load = StartLoad(at.Front);
        await load.WaitForAcknowledgedAsync(30, Patience);
        for (var round = 0; round < 2; round++)
        {
            var refused = Refusals(load);
            await at.Queue.BreakAsync();
            await WaitUntilAsync(() => Refusals(load) >= refused + 5, "batches that are refused because the queue is away");
            await Task.Delay(TimeSpan.FromSeconds(1));
            await at.Queue.RestoreAsync();
            await load.WaitForAcknowledgedAsync(40, Patience);
        }

        await ProveAsync(at, at.Queue.Breaking, load);
    }

    [SkippableFact]
    public async Task Workers_OneStoppedUntilItsLeasesRunOut_TheOtherTakesOverAndBothEndUpWithOneRecording()
    {
        var at = await fixture.Installed;
        using var load = StartLoad(at.Front);
        await using var first = await at.StartWorkerAsync();
        await load.WaitForAcknowledgedAsync(30, Patience);
        await HoldBeforeRecordAsync(first);
        await at.Queue.FreezeAsync(first.Process);
        var before = load.Ledger.Acknowledged.ToHashSet();

        // All that the first holds is recorded by the second; then the first goes on with it as if nothing had been.
        await using var second = await at.StartWorkerAsync();
        await WaitForRecordedAsync(at, before);
        first.Catalog.Fault = Fault.None;
        await first.Process.ThawAsync();
        await load.WaitForAcknowledgedAsync(60, Patience);
        await ProveAsync(at, "two workers, one stopped until its leases ran out", load);
        Assert.Equal(0, await first.Process.StopAsync());
        Assert.Equal(0, await second.Process.StopAsync());
    }
}
