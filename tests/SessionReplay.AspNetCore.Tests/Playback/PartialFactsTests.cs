using System.Text.Json;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>Sessions of which not all is known, or not yet.</summary>
public sealed class PartialFactsTests
{
    private readonly SessionId _session = SessionId.Create(TimeProvider.System);
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Fact]
    public async Task List_AddressesAreNotRecorded_ShowsTheSessionWithoutOne()
    {
        await using var host = await FullHost.StartAsync(configure: options => options.Ingest.RecordAddress = false);
        await host.RecordAsync(_session, First());

        var session = await OnlySessionAsync(host);

        Assert.Equal(JsonValueKind.Null, session.GetProperty("problem").ValueKind);
        Assert.Equal(JsonValueKind.Null, session.GetProperty("ip").ValueKind);
        Assert.Equal("https://shop.example/cart", session.GetProperty("entryUrl").GetString());
        Assert.Equal("ann@shop.example", session.GetProperty("user").GetProperty("email").GetString());
    }

    [Fact]
    public async Task List_LaterBatchIsStoredFirst_ShowsWhatTheFirstTells()
    {
        await using var host = await FullHost.StartAsync();
        var second = BatchSamples.Create(seq: 1).In(_session, _window);
        second.Page = null;
        await host.RecordAsync(_session, second);
        var before = await OnlySessionAsync(host);
        await host.RecordAsync(_session, second, First());
        var after = await OnlySessionAsync(host);

        Assert.Equal(JsonValueKind.Null, before.GetProperty("problem").ValueKind);
        Assert.Equal(JsonValueKind.Null, before.GetProperty("entryUrl").ValueKind);
        Assert.Equal("https://shop.example/cart", after.GetProperty("entryUrl").GetString());
        Assert.Equal("127.0.0.1", before.GetProperty("ip").GetString());
        Assert.Equal("127.0.0.1", after.GetProperty("ip").GetString());
    }

    private EventBatch First()
    {
        var batch = BatchSamples.CreateFull().In(_session, _window);
        batch.Last = false;
        return batch;
    }

    private static async Task<JsonElement> OnlySessionAsync(FullHost host) =>
        Assert.Single((await host.GetAsync("api/sessions")).GetProperty("sessions").EnumerateArray());
}
