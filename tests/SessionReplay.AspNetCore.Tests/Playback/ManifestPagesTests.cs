using System.Text.Json;
using SessionReplay.AspNetCore.Tests.Ingest;

namespace SessionReplay.AspNetCore.Tests.Playback;

public sealed class ManifestPagesTests
{
    [Fact]
    public async Task Manifest_MoreChunksThanAPage_ComesInPagesWithEachChunkOnce()
    {
        await using var host = await FullHost.StartAsync(configure: o =>
        {
            o.Playback.ManifestChunks = 10;
            o.Ingest.RequestsPerSecondPerAddress = 100_000;
        });
        var session = Batches.NewSession();
        var windows = Enumerable.Range(0, 2).Select(_ => WindowId.Create(TimeProvider.System)).OrderBy(window => window.Value).ToList();

        // Batch 4 of the first window never comes, so that the gap is known within a page; batch 10 is missing where the next page begins.
        await host.RecordAsync(session, [.. windows.SelectMany((window, i) => Enumerable.Range(0, 13).Where(seq => i > 0 || seq is not (4 or 11)).Select(seq => Batches.Create(session, window, (uint)seq)))]);

        var pages = new List<JsonElement>();
        for (string? next = ""; next is not null && pages.Count < 10; next = pages[^1].GetProperty("next").GetString() is { } cursor ? $"?cursor={cursor}" : null)
        {
            pages.Add(await host.GetAsync($"api/sessions/{session}/manifest{next}"));
        }

        Assert.Equal([10, 10, 4], pages.Select(page => page.GetProperty("windows").EnumerateArray().Sum(window => window.GetProperty("chunks").GetArrayLength())));
        var chunks = pages.SelectMany(page => page.GetProperty("windows").EnumerateArray()).SelectMany(window => window.GetProperty("chunks").EnumerateArray()
            .Select(chunk => (window.GetProperty("id").GetString(), chunk.GetProperty("seq").GetInt32()))).ToList();
        Assert.Equal(24, chunks.Distinct().Count());
        var missing = pages.SelectMany(page => page.GetProperty("windows").EnumerateArray()).SelectMany(window => window.GetProperty("missing").EnumerateArray()
            .Select(gap => (window.GetProperty("id").GetString(), gap[0].GetInt32(), gap[1].GetInt32()))).ToList();
        Assert.Equal([(windows[0].ToString(), 4, 4), (windows[0].ToString(), 11, 11)], missing);
        Assert.All(pages, page => Assert.Equal(24, page.GetProperty("session").GetProperty("chunks").GetInt32()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("x.1")]
    [InlineData(".")]
    [InlineData("0199000000007000800000000000000a.-1")]
    [InlineData("0199000000007000800000000000000a.4294967296")]
    public async Task Manifest_CursorThatIsNone_Is400(string cursor)
    {
        await using var host = await FullHost.StartAsync();
        var session = Batches.NewSession();
        await host.RecordAsync(session, Batches.Create(session, WindowId.Create(TimeProvider.System)));

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, await host.StatusAsync($"api/sessions/{session}/manifest?cursor={cursor}"));
    }
}
