using Google.Protobuf;

namespace SessionReplay.AspNetCore.Tests.Playback;

public sealed class ClockOffsetTests
{
    private const long Hour = 3_600_000;

    /// <summary>The page's clock is three hours slow; while the window lasts it is set by two of them.</summary>
    [Fact]
    public async Task Manifest_OfAPageWithAWrongClock_HasTheOffsetOfItsFirstAnswer()
    {
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var other = WindowId.Create(TimeProvider.System);
        foreach (var (id, seq, slow) in new[] { (window, 0u, 3 * Hour), (window, 1u, Hour), (other, 0u, -Hour) })
        {
            var pageTime = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - slow;
            var batch = BatchSamples.Create(session, id, seq);
            foreach (var item in batch.Events)
            {
                item.Time = (ulong)pageTime;
            }

            using var content = IngestHost.Body(Upload.Batch(BatchSamples.Gzip(batch.ToByteArray())));
            using var answer = await host.Client.PostAsync($"v1/batches?key={FullHost.Key}&sent={pageTime}", content);
            answer.EnsureSuccessStatusCode();

            // In order, as a recorder sends them.
            var expected = id == other ? 3 : (int)seq + 1;
            await FullHost.WaitAsync(async () => await host.ChunksAsync(session) == expected, "the chunk");
        }

        var windows = (await host.GetAsync($"api/tenants/shop/sessions/{session}/manifest")).GetProperty("windows").EnumerateArray()
            .ToDictionary(found => found.GetProperty("id").GetString()!);
        var first = windows[window.ToString()];
        Assert.InRange(first.GetProperty("clockOffset").GetInt64(), 3 * Hour, (3 * Hour) + 60_000);
        Assert.InRange(windows[other.ToString()].GetProperty("clockOffset").GetInt64(), -Hour, -Hour + 60_000);

        // One offset for all chunks of the window: what is two hours apart on the page's clock stays so.
        var chunks = first.GetProperty("chunks");
        Assert.InRange(chunks[1].GetProperty("from").GetInt64() - chunks[0].GetProperty("from").GetInt64(), 2 * Hour, (2 * Hour) + 60_000);
    }
}
