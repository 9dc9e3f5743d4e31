using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;
using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>
/// A full snapshot larger than the queue takes goes from ingest to the recording all the same: its chunk waits in the blob store.
/// </summary>
public abstract class ClaimCheckConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    private const int TwelveMegabytes = 12_000_000;
    private readonly Guid _session = Guid.CreateVersion7();
    private readonly Guid _window = Guid.CreateVersion7();

    [SkippableFact]
    public async Task FullSnapshot_12MB_IsFoundInTheRecordingOnce() => await RecordAsync(_ => TwelveMegabytes);

    [SkippableFact]
    public async Task FullSnapshot_LargerThanTheQueueTakes_TravelsAsAClaimCheck()
    {
        var (sent, published, limit) = await RecordAsync(queue => queue.MaxMessageBytes + 500_000);

        Assert.True(sent > limit);
        Assert.True(published < 100_000, $"The message had {published} bytes.");
    }

    /// <summary>Records a window whose second batch is the snapshot, sent twice, and reads it back.</summary>
    private async Task<(int Sent, int Published, int Limit)> RecordAsync(Func<IMessageQueue, int> size)
    {
        await using var client = await ConnectAsync(settings: Fixture.Settings with { LeaseTime = TimeSpan.FromSeconds(10) });
        await using var host = await RecordingHost.StartAsync(client);
        EventBatch[] batches = [Batch(0, Click(0)), Batch(1, Snapshot(size(client.Queue))), Batch(2, Click(2))];
        var sent = 0;
        foreach (var batch in batches)
        {
            sent = Math.Max(sent, await host.SendAsync(batch));
        }

        await host.SendAsync(batches[1]);
        await host.WaitForChunksAsync(_session, batches.Length, Patience);
        await WaitForEmptyAsync(client);

        Assert.Equal(batches.Length, await host.ChunksAsync(_session));
        foreach (var batch in batches)
        {
            Assert.Equal(batch, await host.ReadAsync(_session, _window, batch.Seq));
        }

        Assert.Empty(await client.DeadLetters.ListAsync(10, CancellationToken.None));
        var limit = client.Queue.MaxMessageBytes;
        var published = host.Queue.Published.Values.Max();
        Assert.InRange(published, 1, limit);
        Assert.Equal(sent <= limit - 4096, published >= sent);
        Count(4, 4, 4);
        Output.WriteLine($"{sent} bytes sent, {published} in the message, the queue takes {limit}");
        return (sent, published, limit);
    }

    private EventBatch Batch(uint seq, string dom) => new EventBatch
    {
        Version = 1,
        SessionId = ByteString.CopyFrom(_session.ToByteArray(bigEndian: true)),
        WindowId = ByteString.CopyFrom(_window.ToByteArray(bigEndian: true)),
        Seq = seq,
        RecorderVersion = "0.1.0",
        Page = new PageContext { Url = "https://shop.example/", Title = "Shop", ViewportWidth = 1280, ViewportHeight = 720 },
    }.AddDom((TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), dom));

    private static string Click(int id) => $$$"""{"type":3,"data":{"source":2,"type":2,"id":{{{id + 3}}},"x":1,"y":2},"timestamp":1}""";

    /// <summary>
    /// A snapshot that takes at least this many bytes when it is compressed: text of 16 letters, so that nothing in it looks like a number
    /// or a key.
    /// </summary>
    private static string Snapshot(int compressedBytes)
    {
        var json = new StringBuilder(
            """{"type":2,"data":{"node":{"type":0,"id":1,"childNodes":[{"type":2,"tagName":"html","attributes":{},"id":2,"childNodes":[""");
        const int NodeLength = 50_000;
        for (var (left, id) = (2 * (long)compressedBytes, 3); left > 0; left -= NodeLength, id++)
        {
            var text = RandomNumberGenerator.GetString("abcdefghijklmnop", NodeLength);
            json.Append(id > 3 ? "," : "").Append($$"""{"type":3,"id":{{id}},"textContent":"{{text}}"}""");
        }

        return json.Append("""]}]},"initialOffset":{"left":0,"top":0}},"timestamp":1}""").ToString();
    }
}
