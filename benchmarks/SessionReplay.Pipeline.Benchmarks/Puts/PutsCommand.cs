using System.Diagnostics;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>
/// Counts the requests to the blob store and the bytes in it for many concurrent sessions, per layout and settings (docs/performance.md).
/// </summary>
internal static class PutsCommand
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static readonly Scenario[] Scenarios =
    [
        new(false, 64, TimeSpan.FromSeconds(0.5), 4),
        new(false, 1000, TimeSpan.FromSeconds(30), 4),
        new(true, 64, TimeSpan.FromSeconds(0.5), 4),
        new(true, 64, TimeSpan.FromSeconds(2), 4),
        new(true, 500, TimeSpan.FromSeconds(2), 1),
        new(true, 1000, TimeSpan.FromSeconds(5), 1),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length > 2 || !int.TryParse(args.ElementAtOrDefault(0) ?? "1000", out var sessions)
            || !int.TryParse(args.ElementAtOrDefault(1) ?? "12", out var pages))
        {
            await Console.Error.WriteLineAsync("usage: puts [sessions, 1000] [pages in a session, 12]");
            return 2;
        }

        var options = new PutsOptions { Sessions = sessions, Pages = pages };
        var traffic = Traffic.Create(options, Start);
        var megabytes = traffic.EventBytes / 1e6;
        Console.WriteLine(
            $"{sessions} sessions of {options.SessionTime.TotalMinutes} minutes with {pages} pages: {traffic.Events} events, {megabytes:F0} MB, {traffic.Arrivals.Count} batches "
            + $"({(double)traffic.Arrivals.Count / sessions:F1} a session, {traffic.Arrivals.Count / (options.SessionTime + options.StartSpread).TotalSeconds:F0} a second), "
            + $"{traffic.Arrivals.Sum(arrival => (long)arrival.Body.Length) / 1e6:F0} MB as sent");
        Console.WriteLine();
        Console.WriteLine(
            "| layout | BatchSize | LingerTime | Concurrency | part PUTs a session | with compaction | GETs a session | bytes at rest per MB of events, live | compacted |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var scenario in Scenarios)
        {
            var watch = Stopwatch.StartNew();
            var result = await Simulation.RunAsync(scenario, traffic, Start);
            Console.WriteLine(
                $"| {(scenario.Shared ? "shared by a group" : "per session")} | {scenario.BatchSize} | {scenario.Linger.TotalSeconds} s | {scenario.Concurrency} "
                + $"| {(double)result.Live.Puts / sessions:F2} | {(double)(result.Live.Puts + result.Compaction.Puts) / sessions:F2} | {(double)result.Compaction.Gets / sessions:F1} "
                + $"| {result.LiveBytes / megabytes:F0} | {result.FinalBytes / megabytes:F0} |");
            await Console.Error.WriteLineAsync(
                $"  {watch.Elapsed.TotalSeconds:F0} s; {result.Compaction.Deletes} delete and {result.Compaction.Lists + result.Live.Lists} list requests; {result.ReadBack} chunks read back; {result.FinalObjects} objects left");
        }

        return 0;
    }
}
