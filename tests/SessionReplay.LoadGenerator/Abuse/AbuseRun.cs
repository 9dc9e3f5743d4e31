using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>Measures normal visitors alone and then beside hostile clients, and the server's memory.</summary>
public static class AbuseRun
{
    private const int Visitors = 20;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    public static async Task<AbuseResult> RunAsync(AbuseOptions options)
    {
        await VisitAsync(options, options.Time / 4);
        var quiet = await VisitAsync(options, options.Time);

        using var stop = new CancellationTokenSource();
        var memory = WatchAsync(options.ProcessId, stop.Token);
        using var hostile = StartHostile(options);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var abused = await VisitAsync(options, options.Time);
        hostile.StandardInput.Close();
        var answers =
            JsonSerializer.Deserialize<Dictionary<string, int>>(await hostile.StandardOutput.ReadToEndAsync(CancellationToken.None))!;
        await stop.CancelAsync();
        return new(options, Percentile(quiet.Times), Percentile(abused.Times), quiet.Refused + abused.Refused, await memory, answers);
    }

    /// <summary>
    /// Starts the hostile clients as a process of its own with the lowest priority: they would have machines of their own, and get here
    /// what visitors and server leave of the processors. It ends, and prints what was answered, when its input ends.
    /// </summary>
    private static Process StartHostile(AbuseOptions options) => Process.Start(new ProcessStartInfo(
        "nice",
        [
            "-n", "19", "dotnet", typeof(AbuseRun).Assembly.Location, "--attack", options.Clients.ToString(CultureInfo.InvariantCulture),
            "--ingest", options.Ingest, "--key", options.WriteKey,
        ]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    private static async Task<(List<TimeSpan> Times, int Refused)> VisitAsync(AbuseOptions options, TimeSpan time)
    {
        var visits = await Task.WhenAll(Enumerable.Range(0, Visitors).Select(number => Task.Run(() => VisitAsync(options, number, time))));
        return ([.. visits.SelectMany(visit => visit.Times)], visits.Sum(visit => visit.Refused));
    }

    /// <summary>A visitor with an address of his own, who sends a batch of 100 recorded events every two seconds.</summary>
    private static async Task<(List<TimeSpan> Times, int Refused)> VisitAsync(AbuseOptions options, int number, TimeSpan time)
    {
        using var http = Clients.Create(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.1.{number + 1}")));
        await Task.Delay(Pace * number / Visitors);
        var batches = new VisitorBatches(number);
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
