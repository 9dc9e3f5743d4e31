using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>Measures a normal visitor alone and then beside hostile clients, and the server's memory.</summary>
public static class AbuseRun
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public static async Task<AbuseResult> RunAsync(AbuseOptions options)
    {
        using var visitor = Clients.Create(IPAddress.Parse("127.0.1.1"));
        await VisitAsync(visitor, options, options.Time / 4);
        var quiet = await VisitAsync(visitor, options, options.Time);

        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentDictionary<string, int>();
        var memory = WatchAsync(options.ProcessId, stop.Token);
        var hostile = Enumerable.Range(0, options.Clients).Select(number => Task.Run(() => new HostileClient(options, number, answers).RunAsync(stop.Token))).ToList();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var abused = await VisitAsync(visitor, options, options.Time);
        await stop.CancelAsync();
        await Task.WhenAll(hostile);
        return new(options, Percentile(quiet.Times), Percentile(abused.Times), quiet.Refused + abused.Refused, await memory, answers);
    }

    /// <summary>A visitor who sends batches of 100 recorded events.</summary>
    private static async Task<(List<TimeSpan> Times, int Refused)> VisitAsync(HttpClient http, AbuseOptions options, TimeSpan time)
    {
        var batches = new VisitorBatches();
        var times = new List<TimeSpan>();
        var refused = 0;
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < time)
        {
            using var content = new ByteArrayContent(batches.Next());
            content.Headers.ContentType = new("text/plain");
            var sent = TimeProvider.System.GetTimestamp();
            using var answer = await http.PostAsync(
                $"{options.Ingest}/v1/batches?key={Uri.EscapeDataString(options.WriteKey)}&sent={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}", content);
            times.Add(TimeProvider.System.GetElapsedTime(sent));
            refused += answer.StatusCode == HttpStatusCode.Accepted ? 0 : 1;
            await Task.Delay(Pace);
        }

        return (times, refused);
    }

    private static TimeSpan Percentile(List<TimeSpan> times) => times.Order().ElementAt((int)(times.Count * 0.95));

    private static async Task<long> WatchAsync(int processId, CancellationToken stopping)
    {
        long most = 0;
        while (!stopping.IsCancellationRequested)
        {
            var fields = (await File.ReadAllTextAsync($"/proc/{processId}/statm", CancellationToken.None)).Split(' ');
            most = Math.Max(most, long.Parse(fields[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
            await Task.Delay(50, CancellationToken.None);
        }

        return most;
    }
}
