using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>Asks for as much work and memory as it can with a public write key, one request after the other without a pause.</summary>
internal sealed class HostileClient(string ingest, string writeKey, int number, ConcurrentDictionary<string, int> answers)
{
    private const int Mebi = 1024 * 1024;

    /// <summary>How many slow bodies one client sends at a time.</summary>
    private const int SlowBodies = 64;

    private readonly Guid _session = Guid.CreateVersion7();
    private uint _seq;

    /// <summary>Lets clients act until the input of this process ends.</summary>
    /// <returns>How often each answer came.</returns>
    public static async Task<IReadOnlyDictionary<string, int>> RunAllAsync(string ingest, string writeKey, int clients)
    {
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentDictionary<string, int>();
        var running = Enumerable.Range(0, clients)
            .Select(number => Task.Run(() => new HostileClient(ingest, writeKey, number, answers).RunAsync(stop.Token))).ToList();
        await Console.In.ReadToEndAsync();
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return answers;
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        using var http = Clients.Create(IPAddress.Parse($"127.0.2.{number + 1}"));
        if (number % 7 == 6)
        {
            await Task.WhenAll(Enumerable.Range(0, SlowBodies).Select(_ => SendSlowlyAsync(http, stopping)));
            return;
        }

        var (path, body) = Weapon(number % 7);
        while (!stopping.IsCancellationRequested)
        {
            using var content = new ByteArrayContent(body());
            await SendAsync(http, path(), content, stopping);
        }
    }

    /// <summary>Claims a large body and sends it as slowly as a server allows, again and again.</summary>
    private async Task SendSlowlyAsync(HttpClient http, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            using var content = new SlowContent(16 * Mebi, stopping);
            await SendAsync(http, Batches(), content, stopping);
        }
    }

    private async Task SendAsync(HttpClient http, string path, HttpContent content, CancellationToken stopping)
    {
        try
        {
            content.Headers.ContentType = new("text/plain");
            using var answer = await http.PostAsync($"{ingest}/v1/{path}key={Uri.EscapeDataString(writeKey)}", content, stopping);
            Count(((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            Count(stopping.IsCancellationRequested ? "stopped" : "no answer");
        }
    }

    private void Count(string answer) => answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);

    private (Func<string> Path, Func<byte[]> Body) Weapon(int kind)
    {
        switch (kind)
        {
            case 0:
                // A bomb: 60 KiB that expand a thousand times.
                var bomb = Upload.Batch(Gzip(Batch(Digits(60 * Mebi))));
                return (Batches, () => bomb);
            case 1:
                // What may just be taken: digits that a sanitizer looks at twice, mixed with noise.
                var digits = Upload.Batch(Gzip(Batch(Digits(4 * Mebi) + Noise(128 * 1024))));
                return (Batches, () => digits);
            case 2:
                // Large and incompressible.
                var noise = Upload.Batch(Gzip(Batch(Noise(8 * Mebi))));
                return (Batches, () => noise);
            case 3:
                // As many events as may be in a batch, in a session after the other.
                return (Batches, () => Upload.Batch(Gzip(Events(2_000))));
            case 4:
                // The smallest batches.
                return (Batches, () => Upload.Batch(Events(1)));
            default:
                // Assets that no session names, once the session has begun.
                byte[]? sheet = null;
                return (
                    () => sheet is [] or null
                        ? Batches()
                        : $"sessions/{_session:N}/assets/{Convert.ToHexStringLower(SHA256.HashData(sheet))}?type=text/css&",
                    () =>
                    {
                        sheet = sheet is null ? [] : Encoding.ASCII.GetBytes($"a{{}}/*{Noise(Mebi)}*/");
                        return sheet is [] ? Upload.Batch(Gzip(Batch("x"))) : Upload.Frame(sheet);
                    });
        }
    }

    private static string Batches() => $"batches?sent={DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}&";

    private byte[] Events(int count)
    {
        var batch = Empty(Guid.CreateVersion7());
        batch.Events.AddRange(Enumerable.Range(0, count).Select(_ => new Event { Time = Now(), Custom = new CustomEvent { Name = "x" } }));
        return batch.ToByteArray();
    }

    private byte[] Batch(string text)
    {
        var batch = Empty(_session);
        return batch.AddDom(((long)Now(), $$$"""{"type":5,"data":{"a":"{{{text}}}"}}""")).ToByteArray();
    }

    private EventBatch Empty(Guid session) => new()
    {
        Version = 1, SessionId = ByteString.CopyFrom(session.ToByteArray(bigEndian: true)),
        WindowId = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true)),
        Seq = _seq++ % 1_000, RecorderVersion = "0.1.0",
    };

    private static ulong Now() => (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static string Digits(int length) => string.Create(length, 0, static (span, _) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = (i & 1) != 0 ? ' ' : (i & 2) != 0 ? '1' : '4';
        }
    });

    private static string Noise(int length) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(length / 4 * 3));

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
