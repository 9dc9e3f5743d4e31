using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.LoadGenerator;

/// <summary>Reads everything back through the playback API and compares it with a ledger.</summary>
public sealed class Verifier(HttpClient http, string playback, string tenant)
{
    /// <summary>How long something may be unavailable before it is an error.</summary>
    private static readonly TimeSpan Unavailability = TimeSpan.FromMinutes(2);

    /// <summary>Waits until the manifests name every acknowledged batch, then reads each batch.</summary>
    /// <param name="ledger">What was sent.</param>
    /// <param name="patience">How long to wait for the workers while no batch comes in; what is missing then is reported as
    /// missing.</param>
    public async Task<Verification> VerifyAsync(Ledger ledger, TimeSpan patience)
    {
        var acknowledged = ledger.Acknowledged.ToHashSet();
        var manifests = await WaitAsync(acknowledged, patience);
        var names = manifests.Values.SelectMany(manifest => manifest.Batches).ToList();
        var read = names.ToHashSet();
        var different = new ConcurrentBag<BatchName>();
        var windows = read.GroupBy(name => (name.Session, name.Window));
        await Parallel.ForEachAsync(windows, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (window, _) =>
        {
            var batches = await WindowAsync(window.Key.Session, window.Key.Window);
            foreach (var name in window)
            {
                if (!ledger.Sent.TryGetValue(name, out var sent) || !batches.TryGetValue(name.Seq, out var batch) || batch != sent)
                {
                    different.Add(name);
                }
            }
        });
        var miscounted = manifests.Where(session =>
            session.Value.Chunks != session.Value.Batches.Count
            || session.Value.Events != session.Value.Batches.Sum(name => ledger.Sent.GetValueOrDefault(name).Events))
            .Select(session => session.Key);
        return new Verification(
            ledger.Sent.Count, ledger.Requests, acknowledged.Count, read.Count, names.Count - read.Count, [.. acknowledged.Except(read)],
            [.. different], [.. miscounted]);
    }

    /// <summary>Waits until the manifests name all of the batches.</summary>
    /// <param name="batches">The batches.</param>
    /// <param name="patience">How long to wait while no batch comes in.</param>
    /// <exception cref="LoadException">Some were missing then.</exception>
    public async Task WaitForAsync(IReadOnlyCollection<BatchName> batches, TimeSpan patience)
    {
        var manifests = await WaitAsync(batches, patience);
        var missing = batches.Except(manifests.Values.SelectMany(manifest => manifest.Batches)).Count();
        if (missing > 0)
        {
            throw new LoadException(
                $"{missing} of {batches.Count} batches are not in the recordings, and none came in the last {patience}.");
        }
    }

    private async Task<Dictionary<Guid, SessionManifest>> WaitAsync(IReadOnlyCollection<BatchName> batches, TimeSpan patience)
    {
        var standstill = new Standstill(patience);
        var manifests = new Dictionary<Guid, SessionManifest>();
        var before = 0;
        foreach (var session in batches.GroupBy(name => name.Session))
        {
            var expected = session.ToHashSet();
            var found = await ManifestAsync(session.Key);
            // The session's row and its chunks are read one after the other: while a worker records, they may differ for a moment, and only
            // then.
            while ((!expected.IsSubsetOf(found.Batches) || found.Chunks != found.Batches.Count)
                && !standstill.IsReached(before + found.Batches.Count))
            {
                await Task.Delay(250);
                found = await ManifestAsync(session.Key);
            }

            manifests[session.Key] = found;
            before += found.Batches.Count;
        }

        return manifests;
    }

    private async Task<SessionManifest> ManifestAsync(Guid session)
    {
        using var answer = await SendAsync($"{playback}/api/tenants/{tenant}/sessions/{session:N}/manifest");
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return SessionManifest.Empty;
        }

        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        var counts = json.RootElement.GetProperty("session");
        return new(
            counts.GetProperty("chunks").GetInt64(),
            counts.GetProperty("events").GetInt64(),
            [.. json.RootElement.GetProperty("windows").EnumerateArray().SelectMany(window => window.GetProperty("chunks").EnumerateArray()
                .Select(chunk =>
                    new BatchName(
                        session, Guid.ParseExact(window.GetProperty("id").GetString()!, "N"), chunk.GetProperty("seq").GetUInt32()))
                .ToArray())]);
    }

    /// <summary>Reads the batches of a window, and reads them again while playback is unavailable or breaks off.</summary>
    private async Task<Dictionary<uint, BatchPrint>> WindowAsync(Guid session, Guid window)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var records = await PlaybackStream.GetWindowAsync(http, $"{playback}/api/tenants/{tenant}/sessions/{session:N}", window);
                return records.ToDictionary(
                    record => record.Seq,
                    record => record.Problem is null
                        ? Ledger.Fingerprint(EventBatch.Parser.ParseFrom(record.Unpack()))
                        : throw new LoadException($"{session:N} cannot be read: {record.Head}"));
            }
            catch (Exception e) when (e is IOException or HttpRequestException { StatusCode: HttpStatusCode.ServiceUnavailable }
                && TimeProvider.System.GetElapsedTime(started) < Unavailability)
            {
                await Task.Delay(300);
            }
        }
    }

    /// <summary>Asks again while playback says that something is unavailable.</summary>
    private async Task<HttpResponseMessage> SendAsync(string url)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await http.GetAsync(url);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || TimeProvider.System.GetElapsedTime(started) > Unavailability)
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(300);
        }
    }
}
