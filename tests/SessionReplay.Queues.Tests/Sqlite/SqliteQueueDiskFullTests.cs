using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Tests;

public sealed class SqliteQueueDiskFullTests
{
    [SkippableFact]
    public async Task Publish_FilesMayNotGrow_RefusesAndKeepsWhatWasConfirmed()
    {
        Skip.If(OperatingSystem.IsWindows(), "The limit on file sizes is the shell's.");
        using var folder = new TempFolder();
        var (database, confirmedFile) = (folder.File("queue.db"), folder.File("confirmed.txt"));

        // The process may not write a file larger than 3,000 KiB: its writes fail as on a full disk. The signal that goes with it is
        // ignored.
        await using var child = ChildProcess.Start(
            "bash",
            ["-c", "trap '' XFSZ; ulimit -f 3000; exec dotnet exec \"$0\" \"$@\"", typeof(Program).Assembly.Location, "publish", database,
            confirmedFile, "full"],
            new Dictionary<string, string?> { ["DOTNET_EnableWriteXorExecute"] = "0" });
        await child.WaitForOutputAsync("refused", TimeSpan.FromMinutes(1));
        await child.KillAsync();

        Assert.Contains(nameof(QueueUnavailableException), child.Output, StringComparison.Ordinal);
        var confirmed = (await File.ReadAllLinesAsync(confirmedFile)).Select(line => line.Split(' ')[0]).ToHashSet();
        Assert.NotEmpty(confirmed);
        await using var queue = new SqliteMessageQueue(
            Options.Create(new SqliteQueueOptions { Path = database }), TimeProvider.System, NullLogger<SqliteMessageQueue>.Instance);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (confirmed.Count > 0)
        {
            foreach (var delivery in await queue.ReceiveAsync(1000, limit.Token))
            {
                confirmed.Remove(delivery.MessageId);
                await delivery.AckAsync(limit.Token);
            }
        }

        await queue.PublishAsync(new QueueMessage("after", "session", new byte[5_000_000]), limit.Token);
    }
}
