using SessionReplay.FaultTests.Hosts;
using SessionReplay.Testing;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The disk of the embedded parts is full for a while (ENOSPC of a real file system) while visitors send.</summary>
public sealed class DiskFullTests(ITestOutputHelper output) : FaultCase(output)
{
    private const int Megabytes = 24;

    private static readonly Dictionary<string, (string Path, string File)[]> Parts = new()
    {
        ["everything"] = [("SessionReplay:DataDirectory", "data")],
        ["queue"] = [("SessionReplay:Queue:Sqlite:Path", "queue.db")],
        ["catalog and audit log"] = [
            ("SessionReplay:Catalog:Sqlite:Path", "catalog.db"), ("SessionReplay:Catalog:Sqlite:AuditPath", "audit.db")],
    };

    [SkippableTheory]
    [InlineData("everything", true)]
    [InlineData("queue", true)]
    [InlineData("catalog and audit log", false)]
    public async Task Disk_FullUnderLoad_RefusesWithRetryAfterAndRecovers(string part, bool refuses)
    {
        using var disk = SmallDisk.Mount(Megabytes);
        using var folder = new TempFolder();
        var settings = Settings.Common(folder.FullPath)
            .With(new Dictionary<string, string?> { ["SessionReplay:Storage:Local:MinFreeBytes"] = "0",
                ["SessionReplay:Queue:Sqlite:MinFreeBytes"] = "1" })
            .With(Parts[part].ToDictionary(item => item.Path, item => (string?)Path.Combine(disk.FullPath, item.File)));
        await using var host = await HostProcess.StartAsync("All", settings);
        using var load = StartLoad(host);
        await load.WaitForAcknowledgedAsync(30, Patience);

        using var free = new CancellationTokenSource();
        var full = disk.KeepFullAsync(free.Token);
        if (refuses)
        {
            await WaitUntilAsync(() => Refusals(load) >= 10, "batches that are refused because the disk is full");
        }
        else
        {
            // The queue has a disk of its own: it takes what comes, and the worker waits for room.
            await load.WaitForAcknowledgedAsync(60, Patience);
        }

        await Task.Delay(TimeSpan.FromSeconds(2));
        await free.CancelAsync();
        await full;
        await load.WaitForAcknowledgedAsync(60, Patience);
        await ProveAsync("embedded", $"disk full: {part}", host, load);
    }

    [SkippableFact]
    public async Task BlobsDisk_FullWhileSessionsEnd_TheyAreCompactedLater()
    {
        using var disk = SmallDisk.Mount(Megabytes);
        using var folder = new TempFolder();
        await using var host = await HostProcess.StartAsync(
            "All",
            Settings.Common(folder.FullPath).With(Settings.EndingSoon()).With(new Dictionary<string, string?>
            {
                ["SessionReplay:Storage:Local:MinFreeBytes"] = "0",
                ["SessionReplay:Storage:Local:Path"] = Path.Combine(disk.FullPath, "blobs"),
            }));
        using var free = new CancellationTokenSource();
        var full = disk.KeepFullAsync(free.Token);
        using var ended = StartLoad(host);
        await ended.WaitForAcknowledgedAsync(30, Patience);
        await ended.StopAsync(Patience);
        await WaitUntilAsync(
            () => host.Output.Contains("The blob store keeps failing", StringComparison.Ordinal)
                || host.Output.Contains("Session sweep ended early", StringComparison.Ordinal),
            "a compaction that fails because the disk is full");
        // Chunks stay in the catalog, whose disk has room.
        using var load = StartLoad(host, visitors: 3);
        await load.WaitForAcknowledgedAsync(20, Patience);
        await free.CancelAsync();
        await full;
        var catalog = new SqliteCatalogView(folder.File("catalog.db"));
        HashSet<Guid> sessions = [.. ended.Ledger.Acknowledged.Select(batch => batch.Session)];
        await WaitUntilAsync(
            async () => await catalog.CountNotCompactedAsync(sessions) == 0, "recording objects of all sessions", () => host.Output,
            patience: 2 * Patience);
        await ProveAsync("embedded", "disk full: blobs, sessions that ended", host, ended);
        await ProveAsync("embedded", "disk full: blobs, others", host, load);
    }

    [SkippableFact]
    public async Task KeyStoresDisk_Full_NewSessionsAreRefusedAndTakenLater()
    {
        using var disk = SmallDisk.Mount(Megabytes);
        using var folder = new TempFolder();
        await using var host = await HostProcess.StartAsync(
            "All",
            Settings.Common(folder.FullPath)
                .With(new Dictionary<string, string?> { ["SessionReplay:KeyStore:Sqlite:Path"] = Path.Combine(disk.FullPath, "keys.db") }));
        using var known = StartLoad(host);
        await known.WaitForAcknowledgedAsync(30, Patience);

        using var free = new CancellationTokenSource();
        var full = disk.KeepFullAsync(free.Token);
        await Task.Delay(TimeSpan.FromSeconds(1));
        using var late = StartLoad(host);
        await WaitUntilAsync(() => Refusals(late) >= 10, "new sessions that are refused because no key can be kept");
        // Sessions that have their key go on.
        await known.WaitForAcknowledgedAsync(20, Patience);
        await free.CancelAsync();
        await full;
        await late.WaitForAcknowledgedAsync(40, Patience);
        await ProveAsync("embedded", "disk full: keys, sessions that had one", host, known);
        await ProveAsync("embedded", "disk full: keys, new sessions", host, late);
    }
}
