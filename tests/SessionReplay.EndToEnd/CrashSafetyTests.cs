using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;
using Xunit.Abstractions;

namespace SessionReplay.EndToEnd;

/// <summary>
/// The host is killed with SIGKILL again and again while batches arrive; afterwards every batch that was answered with 202 is in the
/// recording, exactly once and whole.
/// </summary>
public sealed class CrashSafetyTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int FewKills = 8;
    private const int ManyKills = 20;
    private const int Windows = 4;
    private const int BatchesBetweenKills = 12;
    private const string Prefix = "/session-replay";

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly Guid _session = Guid.CreateVersion7();
    private readonly Guid[] _windows = [.. Enumerable.Range(0, Windows).Select(_ => Guid.CreateVersion7())];
    private readonly ConcurrentDictionary<(int Window, uint Seq), int> _accepted = new();
    private readonly ConcurrentDictionary<(int Window, uint Seq), byte[]> _batches = new();
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(10) };
    private ChildProcess? _host;
    private int _sent;

    public Task InitializeAsync() => StartHostAsync();

    public async Task DisposeAsync()
    {
        await _host!.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public Task Kill_WhileBatchesArrive_EveryAcceptedBatchIsInTheRecordingExactlyOnce() => ProveAsync(FewKills);

    [Fact]
    [Trait("Takes", "Long")]
    public Task Kill_OftenWhileBatchesArrive_EveryAcceptedBatchIsInTheRecordingExactlyOnce() => ProveAsync(ManyKills);

    private async Task ProveAsync(int kills)
    {
        using var stop = new CancellationTokenSource();
        var visitors = Enumerable.Range(0, Windows).Select(window => Task.Run(() => SendAsync(window, stop.Token))).ToArray();

        for (var kill = 0; kill < kills; kill++)
        {
            var target = _accepted.Count + BatchesBetweenKills + (kill % 5);
            await WaitAsync(() => _accepted.Count >= target, TimeSpan.FromMinutes(5), "batches before the next kill");
            await _host!.KillAsync();
            await _host.DisposeAsync();
            await StartHostAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(visitors);
        await VerifyAsync();
        output.WriteLine($"{kills} kills, {_sent} requests, {_accepted.Count} batches answered with 202, all found once");
    }

    private async Task StartHostAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var project = Repository.File("samples", "Minimal");
        _host = ChildProcess.Start(
            "dotnet",
            [
                Path.Combine(project, "bin", configuration, "net10.0", "Minimal.dll"), "--urls", $"http://127.0.0.1:{_port}",
                "--SessionReplay:DataDirectory", _folder.FullPath,
                "--SessionReplay:Ingest:RequestsPerSecondPerAddress", "100000", "--SessionReplay:Ingest:NewSessionsPerHourPerAddress",
                "1000000", "--SessionReplay:Ingest:WorkPerSecondPerAddress", "1000000000",
            ],
            new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["ASPNETCORE_URLS"] = null },
            project);
        await _host.WaitForPortAsync(_port, TimeSpan.FromMinutes(2));
    }

    /// <summary>
    /// Sends as a recorder does: what was not confirmed is sent again, sometimes what was confirmed too, and not always in order.
    /// </summary>
    private async Task SendAsync(int window, CancellationToken stopping)
    {
        var random = new Random(window);
        for (uint seq = 0; !stopping.IsCancellationRequested; seq += 2)
        {
            // Two at a time, the later one first.
            foreach (var next in new[] { seq + 1, seq })
            {
                await SendUntilAcceptedAsync(window, next);
                if (random.Next(5) == 0)
                {
                    await SendUntilAcceptedAsync(window, next);
                }
            }
        }
    }

    private async Task SendUntilAcceptedAsync(int window, uint seq)
    {
        for (var attempt = 0; attempt < 6000; attempt++)
        {
            try
            {
                using var content = new ByteArrayContent(Upload.Batch(Batch(window, seq)));
                content.Headers.ContentType = new("text/plain");
                Interlocked.Increment(ref _sent);
                using var answer =
                    await _http.PostAsync($"http://127.0.0.1:{_port}{Prefix}/v1/batches?key=minimal-sample&sent={Now()}", content);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    _accepted.AddOrUpdate((window, seq), 1, (_, times) => times + 1);
                    return;
                }

                Assert.True(
                    answer.StatusCode == HttpStatusCode.ServiceUnavailable,
                    $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                // The host is dead or dying: that is the point.
            }

            await Task.Delay(50);
        }

        Assert.Fail("A batch was not accepted in 6000 attempts.");
    }

    // What is sent again is the same batch: another of its number would be refused.
    private byte[] Batch(int window, uint seq) => _batches.GetOrAdd((window, seq), key => MakeBatch(key.Window, key.Seq));

    private byte[] MakeBatch(int window, uint seq)
    {
        var batch = new EventBatch
        {
            Version = 1,
            SessionId = ByteString.CopyFrom(_session.ToByteArray(bigEndian: true)),
            WindowId = ByteString.CopyFrom(_windows[window].ToByteArray(bigEndian: true)),
            Seq = seq,
            RecorderVersion = "0.1.0",
        };
        for (var i = 0; i < 20; i++)
        {
            batch.Events.Add(
                new Event { Time = (ulong)Now(),
                    Custom = new CustomEvent { Name = "marker",
                        PropertiesJson = $$"""{"window":{{window}},"batch":{{seq}},"event":{{i}}}""" } });
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            batch.WriteTo(gzip);
        }

        return compressed.ToArray();
    }

    private async Task VerifyAsync()
    {
        var api = $"http://127.0.0.1:{_port}{Prefix}/api/tenants/app/sessions/{_session:N}";
        JsonElement manifest = default;
        for (var i = 0; i < 900; i++)
        {
            using var answer = await _http.GetAsync(api + "/manifest");
            if (answer.IsSuccessStatusCode)
            {
                manifest = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
                if (manifest.GetProperty("session").GetProperty("chunks").GetInt32() >= _accepted.Count)
                {
                    break;
                }
            }

            await Task.Delay(200);
        }

        var found = new List<(int Window, uint Seq)>();
        foreach (var window in manifest.GetProperty("windows").EnumerateArray())
        {
            var id = window.GetProperty("id").GetString()!;
            var number = Array.FindIndex(_windows, w => w.ToString("N") == id);
            foreach (var record in await PlaybackStream.GetWindowAsync(_http, api, _windows[number]))
            {
                found.Add((number, record.Seq));
                var batch = EventBatch.Parser.ParseFrom(record.Unpack());
                Assert.Equal(20, batch.Events.Count);
                Assert.Equal($$"""{"window":{{number}},"batch":{{record.Seq}},"event":19}""", batch.Events[19].Custom.PropertiesJson);
            }
        }

        Assert.Equal(found.Count, found.Distinct().Count());
        Assert.Empty(_accepted.Keys.Except(found));
        Assert.Equal(found.Count, manifest.GetProperty("session").GetProperty("chunks").GetInt32());
        Assert.Equal(found.Count * 20L, manifest.GetProperty("session").GetProperty("events").GetInt64());
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task WaitAsync(Func<bool> condition, TimeSpan timeout, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < timeout, $"not in {timeout}: {what}");
            await Task.Delay(20);
        }
    }
}
