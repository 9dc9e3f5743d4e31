using System.Net;
using System.Text.Json;
using SessionReplay.Wire;

namespace SessionReplay.LoadGenerator;

/// <summary>Reads everything back through the playback API and compares it with a ledger.</summary>
public sealed class Verifier(HttpClient http, string playback)
{
    /// <summary>Waits until the manifests name every acknowledged batch, then reads each chunk.</summary>
    /// <param name="ledger">What was sent.</param>
    /// <param name="patience">How long to wait for the workers; what is missing then is reported as missing.</param>
    public async Task<Verification> VerifyAsync(Ledger ledger, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        var names = new List<BatchName>();
        foreach (var session in ledger.Acknowledged.GroupBy(name => name.Session).ToArray())
        {
            var expected = session.ToHashSet();
            var found = await ManifestAsync(session.Key);
            while (!expected.IsSubsetOf(found) && TimeProvider.System.GetElapsedTime(started) < patience)
            {
                await Task.Delay(250);
                found = await ManifestAsync(session.Key);
            }

            names.AddRange(found);
        }

        var different = new System.Collections.Concurrent.ConcurrentBag<BatchName>();
        var read = names.ToHashSet();
        await Parallel.ForEachAsync(read, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (name, _) =>
        {
            if (!ledger.Sent.TryGetValue(name, out var fingerprint) || fingerprint != Ledger.Fingerprint(await ChunkAsync(name)))
            {
                different.Add(name);
            }
        });
        return new Verification(
            ledger.Sent.Count, ledger.Requests, ledger.AcknowledgedCount, read.Count, names.Count - read.Count, [.. ledger.Acknowledged.Except(read)], [.. different]);
    }

    private async Task<List<BatchName>> ManifestAsync(Guid session)
    {
        using var answer = await SendAsync($"{playback}/api/sessions/{session:N}/manifest");
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return [];
        }

        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return [.. json.RootElement.GetProperty("windows").EnumerateArray().SelectMany(window => window.GetProperty("chunks").EnumerateArray()
            .Select(chunk => new BatchName(session, Guid.ParseExact(window.GetProperty("id").GetString()!, "N"), chunk.GetProperty("seq").GetUInt32()))
            .ToArray())];
    }

    private async Task<EventBatch> ChunkAsync(BatchName name)
    {
        using var answer = await SendAsync($"{playback}/api/sessions/{name.Session:N}/chunks/{name.Window:N}/{name.Seq}");
        answer.EnsureSuccessStatusCode();
        return EventBatch.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Asks again while playback says that something is unavailable.</summary>
    private async Task<HttpResponseMessage> SendAsync(string url)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await http.GetAsync(url);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == 100)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(300);
        }
    }
}
