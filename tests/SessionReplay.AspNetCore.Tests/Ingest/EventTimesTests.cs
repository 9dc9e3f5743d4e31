using System.Net;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class EventTimesTests
{
    private const long MaxPageTime = (1L << 53) - 1;

    private const long Day = 24 * 60 * 60 * 1000;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A page's clock may be years off; with what the page says of it, its events keep their times.</summary>
    [Theory]
    [InlineData(BatchSamples.Time)]
    [InlineData(1_000_000)]
    [InlineData(3_000_000_000_000)]
    public async Task Clock_FarOffButKnown_LeavesTheTimesAsTheyAre(long sent)
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create();
        batch.SetDomTimes(sent - 2_000, sent - 1_000, sent);
        using var answer =
            await host.SendAsync(BatchSamples.Gzip(Google.Protobuf.MessageExtensions.ToByteArray(batch)), extra: $"&sent={sent}");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal((sent - 2_000, sent), (chunk.Header.FirstTime, chunk.Header.LastTime));
    }

    [Theory]
    [InlineData(MaxPageTime, MaxPageTime)]
    [InlineData(1, 1)]
    [InlineData(1, MaxPageTime)]
    [InlineData(253_402_300_800_000, 4_000_000_000_000)]
    public async Task Times_FarFromTheTimeReceived_AreClampedInTheChunkTheListAndTheManifest(long first, long last)
    {
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var batch = BatchSamples.CreateFull();
        (batch.SessionId, batch.WindowId) = (BatchSamples.Bytes(session), BatchSamples.Bytes(window));
        foreach (var e in batch.Events)
        {
            e.Time = (ulong)last;
        }

        batch.SetDomTimes(first, last, last, last);
        await host.RecordAsync(session, batch);

        var row = (await host.GetAsync("api/sessions")).GetProperty("sessions")[0];
        var (from, to) = (row.GetProperty("startedAt").GetInt64(), row.GetProperty("lastActivityAt").GetInt64());
        Assert.InRange(from, Now - EventClock.MaxAge - 60_000, Now + EventClock.MaxAhead);
        Assert.InRange(to, from, Now + EventClock.MaxAhead);
        var manifest = await host.GetAsync($"api/tenants/shop/sessions/{session}/manifest");
        var chunk = manifest.GetProperty("windows")[0].GetProperty("chunks")[0];
        Assert.InRange(chunk.GetProperty("from").GetInt64(), from - Day, to + Day);
        Assert.InRange(chunk.GetProperty("to").GetInt64(), from - Day, to + Day);
        Assert.All(
            manifest.GetProperty("markers").EnumerateArray(),
            marker => Assert.InRange(marker.GetProperty("time").GetInt64(), from - Day, to + Day));

    }
}
