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
    public Task Database_ShutDownAtOnceTwiceUnderLoad_NothingIsLost() =>
        ProveAsync("database shut down at once and restarted", server => server.ShutDownImmediatelyAsync());

    private async Task ProveAsync(string name, Func<PostgreSqlServer, Task> end)
    {
        PostgreSqlServer.Require();
        using var folder = new TempFolder();
        await using var server = await PostgreSqlServer.StartAsync();
        var settings = Settings.Common(folder.FullPath).With(Settings.PostgreSql(server, server.Port));
        await using var front = await HostProcess.StartAsync("Ingest, Playback", settings);
        await using var worker = await HostProcess.StartAsync("Worker", settings);
        using var load = StartLoad(front);
        await load.WaitForAcknowledgedAsync(30, Patience);
        for (var round = 0; round < 2; round++)
        {
            await end(server);
            // What has its keys goes on into the queue; the worker waits for the catalog.
            await Task.Delay(TimeSpan.FromSeconds(3));
            await server.StartServerAsync();
            await load.WaitForAcknowledgedAsync(40, Patience);
        }

        await ProveAsync("PostgreSql", name, front, load);
    }
}
