using System.Diagnostics;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>
/// Counts the requests to each kind of blob store, and the bytes in it, for many concurrent sessions (docs/performance.md).
/// </summary>
internal static class PutsCommand
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Stores = ["local folder", "S3", "Google Cloud Storage", "Azure Blob"];

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
        var (megabytes, batches) = (traffic.EventBytes / 1e6, traffic.Arrivals.Count);
        Console.WriteLine(
            $"{sessions} sessions of {options.SessionTime.TotalMinutes} minutes with {pages} pages: {traffic.Events} events, {megabytes:F0} MB, "
            + $"{batches} batches ({(double)batches / sessions:F1} a session), {traffic.Arrivals.Sum(arrival => (long)arrival.Body.Length) / 1e6:F0} MB as sent");
        Console.WriteLine();
        Console.WriteLine("| store | writes a session | reads a session | listings in all | deletions a session | catalog before the end, MB | stored, MB | objects a session |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var name in Stores)
        {
            var watch = Stopwatch.StartNew();
            await using var store = await BilledStore.StartAsync(name);
            var result = await Simulation.RunAsync(store, traffic, Start);
            Console.WriteLine(
                $"| {name} | {(double)result.Counts.Writes / sessions:F2} | {(double)result.Counts.Reads / sessions:F2} "
                + $"| {result.Counts.Lists} | {(double)result.Counts.Deletes / sessions:F2} | {result.CatalogBytes / 1e6:F1} | {result.StoredBytes / 1e6:F1} "
                + $"| {(double)result.Objects / sessions:F2} |");
            await Console.Error.WriteLineAsync($"  {watch.Elapsed.TotalSeconds:F0} s");
        }

        return 0;
    }
}
