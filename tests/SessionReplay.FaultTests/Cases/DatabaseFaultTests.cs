using SessionReplay.FaultTests.Hosts;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The database of the catalog and of the keys goes away and comes back while visitors send.</summary>
public sealed class DatabaseFaultTests(ITestOutputHelper output) : FaultCase(output)
{
    [SkippableFact]
    public Task Database_KilledTwiceUnderLoad_NothingIsLost() => ProveAsync("database killed and restarted", server => server.KillAsync());

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Database_ShutDownAtOnceTwiceUnderLoad_NothingIsLost() =>
        ProveAsync("database shut down at once and restarted", server => server.ShutDownImmediatelyAsync());

    private async Task ProveAsync(string name, Func<PostgreSqlServer, Task> end)
    {
        PostgreSqlServer.Require();
        using var folder = new TempFolder();
        await using var server = await PostgreSqlServer.StartAsync();
        var settings = Settings.Common(folder.FullPath).With(Settings.PostgreSql(server, server.Port, server.Port));
        await using var front = await HostProcess.StartAsync("Ingest, Playback", settings);
        await using var worker = await HostProcess.StartAsync("Worker", settings);
        using var known = StartLoad(front);
        await known.WaitForAcknowledgedAsync(30, Patience);
        await end(server);
        // Sessions that have their key go on into the queue, and the worker waits for the catalog; new ones cannot be taken.
        await known.WaitForAcknowledgedAsync(20, Patience);
        using var late = StartLoad(front);
        await WaitUntilAsync(() => Refusals(late) >= 5, "new sessions that are refused because no key can be kept");
        await server.StartServerAsync();
        await late.WaitForAcknowledgedAsync(30, Patience);

        await end(server);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await server.StartServerAsync();
        await late.WaitForAcknowledgedAsync(30, Patience);
        await ProveAsync("PostgreSql", name, front, known);
        await ProveAsync("PostgreSql", $"{name}, sessions that began meanwhile", front, late);
    }
}
