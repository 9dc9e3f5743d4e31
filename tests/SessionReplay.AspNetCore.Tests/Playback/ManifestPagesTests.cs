using System.Net;
using System.Text.Json;

namespace SessionReplay.AspNetCore.Tests.Playback;

public sealed class ManifestPagesTests
{
    /// <summary>Pages of 10 chunks end within a window, at its end, and at one whose last chunks never arrived.</summary>
    [Fact]
    public async Task Manifest_InPages_AddsUpToTheWhole()
    {
        await using var host = await FullHost.StartAsync(configure: options => options.Playback.ManifestChunks = 10);
        var session = BatchSamples.NewSession();
        WindowId[] windows = [
            .. Enumerable.Range(0, 3).Select(_ => WindowId.Create(TimeProvider.System))
                .OrderBy(window => window.ToString(), StringComparer.Ordinal)];
        uint[][] seqs = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13], [2, 3, 4]];
        var batches = windows.Zip(seqs).SelectMany(pair => pair.Second.Select(seq => BatchSamples.Create(session, pair.First, seq)))
            .ToArray();

        await host.RecordAsync(session, batches);

        var pages = await PagesAsync(host, session);
        Assert.Equal(
            [10, 10, 5],
            pages.Select(
                page => page.GetProperty("windows").EnumerateArray().Sum(window => window.GetProperty("chunks").GetArrayLength())));
        Assert.Equal(
            windows.Zip(seqs).SelectMany(pair => pair.Second.Select(seq => $"{pair.First} {seq}")),
            pages.SelectMany(
                page => Windows(page)
                    .SelectMany(w => w.GetProperty("chunks").EnumerateArray().Select(c => $"{Id(w)} {c.GetProperty("seq").GetUInt32()}")))
                .OrderBy(name => name.Split(' ')[0], StringComparer.Ordinal).ThenBy(name => int.Parse(name.Split(' ')[1], null)));
        Assert.Equal(
            [$"{windows[1]} [3,4]", $"{windows[2]} [0,1]"],
            pages.SelectMany(
                page => Windows(page)
                    .SelectMany(w => w.GetProperty("missing").EnumerateArray().Select(range => $"{Id(w)} {range.GetRawText()}"))));
    }

    [Fact]
    public async Task Manifest_InPages_HasItsMarkersInAll()
    {
        await using var host =
            await FullHost.StartAsync(configure: options => (options.Playback.ManifestChunks, options.Playback.MaxMarkers) = (10, 100));
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var batches = Enumerable.Range(0, 30).Select(seq =>
        {
            var batch = BatchSamples.CreateFull();
            (batch.SessionId,
            batch.WindowId) = (BatchSamples.Create(session, window).SessionId, BatchSamples.Create(session, window).WindowId);
            batch.Seq = (uint)seq;
            return batch;
        }).ToArray();

        await host.RecordAsync(session, batches);

        var pages = await PagesAsync(host, session);
        Assert.Equal(3, pages.Count);
        Assert.All(pages, page => Assert.InRange(page.GetProperty("markers").GetArrayLength(), 10, 34));
        Assert.All(pages, page => Assert.True(page.GetProperty("markersTruncated").GetBoolean()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("0199000000007000800000000000000a.")]
    [InlineData("0199000000007000800000000000000a.-1")]
    [InlineData("0199000000007000800000000000000a.4294967296")]
    [InlineData("0199000000007000800000000000000a.1.1")]
    public async Task Manifest_CursorThatIsNone_Is400(string cursor)
    {
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        await host.RecordAsync(session, BatchSamples.Create(session, WindowId.Create(TimeProvider.System)));

        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync($"api/tenants/shop/sessions/{session}/manifest?cursor={cursor}"));
    }

    private static async Task<IReadOnlyList<JsonElement>> PagesAsync(FullHost host, SessionId session)
    {
        var pages = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null; cursor = pages[^1].GetProperty("nextCursor").GetString())
        {
            pages.Add(await host.GetAsync($"api/tenants/shop/sessions/{session}/manifest?cursor={cursor}"));
        }

        return pages;
    }

    private static IEnumerable<JsonElement> Windows(JsonElement page) => page.GetProperty("windows").EnumerateArray();

    private static string Id(JsonElement window) => window.GetProperty("id").GetString()!;
}
