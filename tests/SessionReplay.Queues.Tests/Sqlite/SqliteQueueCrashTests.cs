using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SessionReplay.Testing;
using Xunit.Abstractions;

namespace SessionReplay.Queues.Tests;

public sealed class SqliteQueueCrashTests(ITestOutputHelper output)
{
    private const int Kills = 25;

    // Long: one scenario from its start to its end.
    [Fact]
    public async Task Publish_ProcessKilledAgainAndAgain_EveryConfirmedMessageIsFoundOnce()
    {
        using var folder = new TempFolder();
        var database = folder.File("queue.db");
        var confirmedFile = folder.File("confirmed.txt");
        await File.WriteAllTextAsync(confirmedFile, "");
        for (var run = 0; run < Kills; run++)
        {
            await KillOneAsync(database, confirmedFile, run);
        }

        // A kill may cut the last line short: what is not a whole line was not yet written down.
        var text = await File.ReadAllTextAsync(confirmedFile);
        var expected = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).Where(parts => parts.Length == 3).ToDictionary(parts => parts[0]);
        var found = new Dictionary<string, int>();
        await using (var queue = Open(database))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            while ((await queue.GetStatusAsync(limit.Token)) is not { Ready: 0, InFlight: 0 })
            {
                foreach (var delivery in await queue.ReceiveAsync(1000, limit.Token))
                {
                    found[delivery.MessageId] = found.GetValueOrDefault(delivery.MessageId) + 1;
                    if (expected.TryGetValue(delivery.MessageId, out var parts))
                    {
                        Assert.Equal(parts[1], $"{delivery.Body.Length}");
                        Assert.Equal(-1, delivery.Body.Span.IndexOfAnyExcept(byte.Parse(parts[2], null)));
                    }

                    await delivery.AckAsync(limit.Token);
                }
            }

            Assert.Empty(await queue.ListAsync(1000, limit.Token));
        }

        output.WriteLine($"{Kills} kills, {expected.Count} confirmed, {expected.Keys.Count(found.ContainsKey)} found, "
            + $"{found.Values.Sum() - found.Count} duplicates, {found.Count - expected.Count} more were stored and not yet confirmed");
        Assert.True(expected.Count > Kills, "The children confirmed too little to show anything.");
        Assert.Empty(expected.Keys.Except(found.Keys));
        Assert.All(found.Values, times => Assert.Equal(1, times));
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check;";
        Assert.Equal("ok", await check.ExecuteScalarAsync());
        Assert.Empty(Directory.EnumerateFiles(folder.FullPath, "*-owner-*"));
    }

    private static async Task KillOneAsync(string database, string confirmedFile, int run)
    {
        var before = new FileInfo(confirmedFile).Length;
        await using var child = ChildProcess.Start(
            "dotnet",
            ["exec", typeof(Program).Assembly.Location, "publish", database, confirmedFile, $"run{run}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (new FileInfo(confirmedFile).Length == before)
        {
            Assert.False(child.HasExited, child.Output);
            await Task.Delay(5, limit.Token);
        }

        await Task.Delay(Random.Shared.Next(150), limit.Token);
        await child.KillAsync();
    }

    private static SqliteMessageQueue Open(string database) => new(
        Options.Create(new SqliteQueueOptions { Path = database, MaxAttempts = 1000 }), TimeProvider.System,
        NullLogger<SqliteMessageQueue>.Instance);
}
