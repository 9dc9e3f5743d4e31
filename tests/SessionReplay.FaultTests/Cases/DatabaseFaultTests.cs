using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Queues;
using SessionReplay.Testing.Peers;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The database of the catalog and of the keys goes away and comes back while visitors send and recordings are written.</summary>
public sealed class DatabaseFaultTests(ITestOutputHelper output) : CompactionCase(output)
{
    private const string Adapter = "PostgreSql";

    [SkippableFact]
    public Task Database_StoppedThenKilledWhileRecordingsAreWritten_NothingIsLost() =>
        ProveAsync("database stopped, then killed", server => server.StopAsync(), server => server.KillAsync());

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Database_ShutDownAtOnceTwiceWhileRecordingsAreWritten_NothingIsLost() => ProveAsync(
        "database shut down at once, twice", server => server.ShutDownImmediatelyAsync(), server => server.ShutDownImmediatelyAsync());

    private async Task ProveAsync(string name, Func<PostgreSqlServer, Task> end, Func<PostgreSqlServer, Task> endAgain)
    {
        await using var at = await Installation.StartAsync(new SqliteUnderTest());
        using var ended = await EndAsync(at);
        using var known = StartLoad(at.Front);
        await using var worker = await at.StartWorkerAsync(Settings.EndingSoon(), Fault.Held.On(Recording));
        await known.WaitForAcknowledgedAsync(20, Patience);
        await WaitUntilAsync(() => worker.Store.Struck > 0, "recording objects that are being put");
        await end(at.Database);
        // The objects get there, and cannot be noted. Sessions that have their key go on into the queue; new ones cannot be taken.
        worker.Store.Fault = Fault.None;
        await known.WaitForAcknowledgedAsync(20, Patience);
        using var late = StartLoad(at.Front, Others);
        await WaitUntilAsync(() => Refusals(late) >= 5, "new sessions that are refused because no key can be kept");
        worker.Store.Fault = Fault.Held.On(Recording);
        await at.Database.StartServerAsync();
        await late.WaitForAcknowledgedAsync(20, Patience);

        var struck = worker.Store.Struck;
        await known.StopAsync(Patience);
        await WaitUntilAsync(
            () => Task.FromResult(worker.Store.Struck > struck), "recording objects that are being put again", () => worker.Process.Output);
        await endAgain(at.Database);
        worker.Store.Fault = Fault.None;
        await Task.Delay(TimeSpan.FromSeconds(2));
        await at.Database.StartServerAsync();
        await late.WaitForAcknowledgedAsync(20, Patience);
        await ProveCompactedAsync(at, Adapter, name, ended);
        await ProveAsync(Adapter, $"{name}, sessions that had their keys", at.Front, known);
        await ProveAsync(Adapter, $"{name}, sessions that began meanwhile", at.Front, late);
    }
}
