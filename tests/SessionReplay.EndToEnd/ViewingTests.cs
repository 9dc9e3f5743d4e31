using System.Collections.Concurrent;

namespace SessionReplay.EndToEnd;

/// <summary>What it costs to watch a session.</summary>
[Collection(RecordedShopCollection.Name)]
public sealed class ViewingTests(RecordedShop shop)
{
    private const int Batches = 40;
    private const int BatchMs = 15_000;
    private const int MaxRequests = 10;

    [Fact]
    public async Task Play_TenMinutes_TakesTenRequestsAndOneAuditRow()
    {
        var recording = new MadeUpRecording(shop.Host, BatchMs, TimeSpan.FromMinutes(10));
        for (var seq = 0; seq < Batches; seq++)
        {
            await recording.SendAsync(seq, snapshot: seq % 8 == 0);
        }

        var last = (await AuditAsync(recording.Session))[0].Number;
        var requests = new ConcurrentQueue<string>();
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await viewer.NewPageAsync();
        page.Request += (_, request) =>
        {
            // A session that is arriving is asked for what is new, however long it is watched.
            if (request.Url.Contains("/api/", StringComparison.Ordinal) && !request.Url.Contains("known=", StringComparison.Ordinal))
            {
                requests.Enqueue(request.Url);
            }
        };
        var player = await PlayerPage.OpenAsync(page, recording.Session);
        await player.EvaluateAsync("(player) => { player.speed = 8; player.play(); }");
        await player.WaitAsync($"(player) => player.currentTime > {(Batches - 1) * BatchMs}");

        await player.WaitAsync($"(player) => player.replayDocument?.body?.innerText.trim() === 'moment {Batches - 1}'");
        Assert.True(requests.Count <= MaxRequests, string.Join('\n', requests));
        var view = Assert.Single((await AuditAsync(recording.Session)).TakeWhile(row => row.Number > last));
        Assert.StartsWith("session.view windows=1 batches=40 ", view.What, StringComparison.Ordinal);
    }

    /// <summary>The rows of a session in the audit log, the newest first.</summary>
    private async Task<List<(long Number, string What)>> AuditAsync(string session)
    {
        var rows = (await new ReplayApi(shop.Host.Http).GetAsync($"audit?tenant=shop&session={session}")).GetProperty("rows");
        return
        [
            .. rows.EnumerateArray().Select(row => (
                row.GetProperty("number").GetInt64(), $"{row.GetProperty("action").GetString()} {row.GetProperty("detail").GetString()}")),
        ];
    }
}
