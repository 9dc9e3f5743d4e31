using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Benchmarks.Arriving;

/// <summary>
/// Measures what a catalog does with the chunks of many concurrent sessions: records them, gives them back to compaction, and reclaims
/// their room (docs/performance.md).
/// </summary>
internal static class ArrivingCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var kind and ("sqlite" or "postgresql"), ..] || args.Length > 4
            || !int.TryParse(args.ElementAtOrDefault(1) ?? "1000", out var sessions)
            || !int.TryParse(args.ElementAtOrDefault(2) ?? "52", out var chunks)
            || !int.TryParse(args.ElementAtOrDefault(3) ?? "14000", out var bytes))
        {
            await Console.Error.WriteLineAsync(
                "usage: arriving sqlite|postgresql [sessions, 1000] [chunks of each, 52] [bytes of a chunk, 14000]");
            return 2;
        }

        await using var database = await MeasuredDatabase.StartAsync(kind);
        var load = new ArrivingLoad(sessions, chunks, bytes);
        Console.WriteLine($"{kind}: {sessions} sessions, {(long)sessions * chunks} chunks of {bytes} bytes, {load.Megabytes:F0} MB");
        Console.WriteLine();
        Console.WriteLine("| step | time, s | chunks a second | CPU of this process, s | CPU of the server, s | log written, MB | database, MB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        var services = database.Services;
        await MeasureAsync("recorded", database, load.Chunks, () => load.RecordAsync(services.GetRequiredService<ICatalogWriter>()));
        await MeasureAsync("ended and compacted", database, load.Chunks, () => ArrivingLoad.CompactAsync(
            services.GetRequiredService<ICatalogReader>(), services.GetRequiredService<ISessionLifecycle>()));
        await MeasureAsync("reclaimed", database, load.Chunks, database.ReclaimAsync);
        return 0;
    }

    private static async Task MeasureAsync(string step, MeasuredDatabase database, long chunks, Func<Task> run)
    {
        var before = await database.ReadAsync();
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await run();
        var (time, own) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        var after = await database.ReadAsync();
        Console.WriteLine(
            $"| {step} | {time:F1} | {chunks / time:F0} | {own:F1} | {(after.ServerCpu - before.ServerCpu).TotalSeconds:F1} "
            + $"| {(after.LogBytes - before.LogBytes) / 1e6:F0} | {after.FileBytes / 1e6:F0} |");
    }
}
