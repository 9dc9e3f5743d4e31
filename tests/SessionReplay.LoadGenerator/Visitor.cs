using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.LoadGenerator;

/// <summary>One synthetic visitor: walks through the recorded pages as one session and posts batches as a recorder does.</summary>
public sealed class Visitor(int number, LoadOptions options, IReadOnlyList<CorpusPage> corpus, HttpClient http, Ledger ledger)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly Random _random = new();
    private readonly Guid _session = Guid.CreateVersion7();
    private int _hops;

    /// <summary>Acts until told to stop; the batch that is on its way then is still delivered.</summary>
    /// <exception cref="LoadException">A batch was refused, or not taken in all attempts.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        await PauseAsync(_random.NextDouble(), stopping);
        for (var page = number; !stopping.IsCancellationRequested; page++)
        {
            await VisitAsync(corpus[page % corpus.Count], stopping);
        }
    }

    private async Task VisitAsync(CorpusPage page, CancellationToken stopping)
    {
        var window = Guid.CreateVersion7();
        var shift = Now() - page.Events[0].Time;
        uint seq = 0;
        foreach (var events in page.Blocks(options.EventsPerBatch))
        {
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            var batch = new EventBatch
            {
                Version = 1,
                SessionId = ByteString.CopyFrom(_session.ToByteArray(bigEndian: true)),
                WindowId = ByteString.CopyFrom(window.ToByteArray(bigEndian: true)),
                Seq = seq,
                RecorderVersion = "0.1.0",
                Page = seq == 0
                    ? new PageContext { Url = page.Url, Title = "Synthetic", ViewportWidth = 1280, ViewportHeight = 800 }
                    : null,
                DomEvents = events.At(events.First + shift),
            };
            await PostAsync(new BatchName(_session, window, seq), batch);
            seq++;
            await PauseAsync(0.5 + _random.NextDouble(), stopping);
        }
    }

    private async Task PostAsync(BatchName name, EventBatch batch)
    {
        var body = Compress(batch);
        ledger.AddSent(name, batch);
        for (var attempt = 0; attempt < options.MaxAttempts; attempt++)
        {
            var wait = TimeSpan.FromMilliseconds(Math.Min(2000, 50 * Math.Pow(2, Math.Min(attempt, 6))) * (0.5 + _random.NextDouble()));
            try
            {
                ledger.AddRequest();
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("text/plain");
                var url = options.Ingest[(number + _hops) % options.Ingest.Count];
                using var answer =
                    await http.PostAsync($"{url}/v1/batches?key={Uri.EscapeDataString(options.WriteKey)}&sent={Now()}", content);
                ledger.AddAnswer(answer);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    ledger.AddAcknowledged(name);
                    return;
                }

                await ThrowIfFinalAsync(name, answer);
                // At most five seconds: a run takes minutes.
                wait = answer.Headers.RetryAfter?.Delta is { } asked ? TimeSpan.FromTicks(Math.Min(asked.Ticks, MaxWait.Ticks)) : wait;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                // The process is dead or dying, or its answer was lost: the same batch is sent again.
            }

            _hops++;
            await Task.Delay(wait);
        }

        throw new LoadException($"Batch {name} was not taken in {options.MaxAttempts} attempts.");
    }

    private static async Task ThrowIfFinalAsync(BatchName name, HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) && (int)answer.StatusCode < 500)
        {
            throw new LoadException(
                $"Batch {name} was refused with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private Task PauseAsync(double paces, CancellationToken stopping) =>
        Task.Delay(options.Pace * paces, stopping)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private static byte[] Compress(EventBatch batch)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            batch.WriteTo(gzip);
        }

        return Upload.Batch(compressed.ToArray());
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
