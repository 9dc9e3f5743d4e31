using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using SessionReplay.LoadGenerator;

namespace SessionReplay.ScaleOutProof;

/// <summary>
/// Drives visitors against two ingest processes, kills one process of each role on the way and asks one of each kind to end, starts them
/// again, and reads everything back.
/// </summary>
public sealed class Proof(ProofOptions options, Action<string> say)
{
    private static readonly TimeSpan ProgressTime = TimeSpan.FromMinutes(5);
    private readonly long _started = TimeProvider.System.GetTimestamp();

    public async Task<ProofResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var installation = await Installation.StartAsync(options, Say, cancellationToken);
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Installation.User}:{Installation.Password}")));
        using var load = Load.Start(new LoadOptions
        {
            Ingest = [.. installation.Ingest.Select(host => host.Url)],
            WriteKey = Installation.WriteKey,
            Visitors = options.Visitors,
            Pace = options.Pace,
        });
        Say($"{options.Visitors} visitors, a batch every {options.Pace.TotalSeconds} s each");
        var exitCodes = new List<int>();
        await using (var viewer = new Viewer(http, installation.Playback.Url))
        {
            await DisturbAsync(installation, load, exitCodes, cancellationToken);
            Say($"session list: opened {viewer.Answered} times, {viewer.Failed} times not answered");
        }

        await load.StopAsync();
        Say($"load ended: {load.Ledger.AcknowledgedCount} batches answered with 202 in {load.Ledger.Requests} requests");

        var verifier = new Verifier(http, installation.Playback.Url, "proof");
        var arrived = await verifier.VerifyAsync(load.Ledger, options.Patience);
        Say($"read back: {arrived}");
        foreach (var host in installation.Ingest.Concat(installation.Workers))
        {
            await ReportAsync(host);
        }

        await WaitForRecordingsAsync(installation, load.Ledger.Acknowledged.Select(name => name.Session).ToHashSet(), cancellationToken);
        var again = await verifier.VerifyAsync(load.Ledger, options.Patience);
        Say($"read back from recording objects: {again}");
        var queue = await installation.CommandAsync("queue");
        Say($"queue: {queue}");
        Say($"files that the five processes keep for themselves: {installation.OwnFiles}");
        return new ProofResult(arrived, again, queue, exitCodes, installation.OwnFiles);
    }

    private async Task DisturbAsync(Installation installation, Load load, List<int> exitCodes, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        Task UntilAsync(double share) =>
            DelayAsync((options.Duration * share) - TimeProvider.System.GetElapsedTime(began), cancellationToken);

        await UntilAsync(0.15);
        await KillAsync(installation.Ingest[0], load, cancellationToken);
        await UntilAsync(0.35);
        await KillAsync(installation.Workers[0], load, cancellationToken);
        await UntilAsync(0.55);
        await KillAsync(installation.Playback, load, cancellationToken);
        await UntilAsync(0.75);
        foreach (var host in new[] { installation.Ingest[1], installation.Workers[1] })
        {
            await ReportAsync(host);
            exitCodes.Add(await host.TerminateAsync());
            Say($"{host.Name}: asked to end (SIGTERM), ended with {exitCodes[^1]}");
            await host.StartAsync(cancellationToken);
        }

        await UntilAsync(1);
    }

    /// <summary>Kills a process, sees that the others go on without it, and starts it again.</summary>
    private async Task KillAsync(HostProcess host, Load load, CancellationToken cancellationToken)
    {
        await host.KillAsync();
        var before = load.Ledger.AcknowledgedCount;
        Say($"{host.Name}: SIGKILL after {before} batches");
        await load.WaitForAcknowledgedAsync(options.Visitors, ProgressTime);
        await host.StartAsync(cancellationToken);
        Say($"{host.Name}: ready again; {load.Ledger.AcknowledgedCount - before} batches were taken meanwhile");
    }

    /// <summary>Asks the catalog and not the workers' counters, which begin anew with each start.</summary>
    private async Task WaitForRecordingsAsync(Installation installation, HashSet<Guid> sessions, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var made = (await installation.CompactedSessionsAsync(cancellationToken)).Intersect(sessions).Count();
            if (made == sessions.Count)
            {
                Say($"recording objects made: {made} of {sessions.Count} sessions");
                return;
            }

            if (TimeProvider.System.GetElapsedTime(began) > options.Patience)
            {
                throw new TimeoutException(
                    $"Only {made} of {sessions.Count} sessions had their recording object after {options.Patience}.\n"
                    + string.Join('\n', installation.Workers.Select(host => $"{host.Name}:\n{host.Output}")));
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    /// <summary>Tells what a process has done since it was started last.</summary>
    private async Task ReportAsync(HostProcess host)
    {
        var taken = await host.SumAsync("sessionreplay_ingest_batch_size_bytes_count");
        var recorded = await host.SumAsync("sessionreplay_worker_messages_total", "\"recorded\"");
        var duplicates = await host.SumAsync("sessionreplay_worker_messages_total", "\"duplicate\"");
        Say(host.Roles == "Ingest"
            ? $"{host.Name}: {taken} batches taken since its start"
            : $"{host.Name}: {recorded} chunks recorded and {duplicates} that had been recorded before, since its start");
    }

    private static Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) =>
        time > TimeSpan.Zero ? Task.Delay(time, cancellationToken) : Task.CompletedTask;

    private void Say(string text) =>
        say(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(_started).TotalSeconds,6:F1} s  {text}"));
}
