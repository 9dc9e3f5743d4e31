using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;
using SessionReplay.Testing;

namespace SessionReplay.EndToEnd.Policies;

/// <summary>Recordings that are replayed on an origin of their own, in a browser that gives it a process of its own.</summary>
public sealed class ReplayOriginTests : IAsyncLifetime
{
    private Chromium _chromium = null!;
    private StrictSite _site = null!;

    public async Task InitializeAsync()
    {
        Peer.Require("/usr/bin/chromium", "apt-get install -y chromium");
        _site = await StrictSite.StartAsync(hasReplayOrigin: true);
        _chromium = await Chromium.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Player_StrictPolicyThatAllowsTheOrigin_ShowsAndPlaysWithoutAWordInTheBrowsersConsole()
    {
        _site.IsOnStarting = true;
        _site.Headers = (response, _) =>
            response.Headers.ContentSecurityPolicy = $"default-src 'self'; frame-src 'self' {_site.ReplayOrigin}";
        var session = await SendAsync(isHanging: false);
        await using var viewer = await _chromium.NewVisitorAsync(_site.Url);
        var page = await viewer.NewPageAsync();
        List<string> said = [];
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);

        await page.GotoAsync(PathOf(session));
        var shown = page.FrameLocator("session-replay-player iframe").Locator("iframe").First.ContentFrame
            .GetByText("What the page showed");
        await shown.WaitForAsync();

        Assert.Equal("rgb(1, 2, 3)", await shown.EvaluateAsync<string>("(p) => getComputedStyle(p).color"));
        Assert.Contains(page.Frames, frame => frame.Url == $"{_site.ReplayOrigin}{ReplayApi.Prefix}/api/replay-frame");
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('session-replay-player').replayDocument === null"));
        await page.EvaluateAsync(
            "async () => { const player = document.querySelector('session-replay-player'); player.speed = 8; await player.seek(0); player.play(); }");
        await page.WaitForFunctionAsync(
            "() => { const player = document.querySelector('session-replay-player'); return player.currentTime >= player.duration; }");
        Assert.Empty(said);
    }

    [Fact]
    public async Task Player_RecordingThatHangsItsPageForGood_StaysAliveSaysSoAndDeletes()
    {
        var session = await SendAsync(isHanging: true);
        await using var viewer = await _chromium.NewVisitorAsync(_site.Url);
        var page = await viewer.NewPageAsync();
        await page.GotoAsync(PathOf(session));

        // As long as it hangs, the player answers: it draws, and takes clicks.
        await page.GetByRole(AriaRole.Tab, new() { Name = "Console" }).ClickAsync();
        await page.GetByRole(AriaRole.Option).Filter(new() { HasText = "a line of the console" }).WaitForAsync();
        var clock = Stopwatch.StartNew();
        var stuck = page.GetByText("This recording kept the browser busy.");
        for (var frames = 0; !await stuck.IsVisibleAsync(); frames++)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(4), $"{frames} frames");
            await page.EvaluateAsync("() => new Promise((resolve) => requestAnimationFrame(() => resolve()))");
        }

        Assert.DoesNotContain(page.Frames, frame => frame.Url.Contains("replay-stage", StringComparison.Ordinal));
        // It is not drawn again unasked.
        await page.ReloadAsync();
        await stuck.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete for good" }).ClickAsync();
        await page.WaitForURLAsync($"{_site.Url}{ReplayApi.Prefix}");
        using var gone = await _site.Http.GetAsync($"{ReplayApi.Prefix}/api/tenants/shop/sessions/{session}");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
    }

    private static string PathOf(string session) => $"{ReplayApi.Prefix}/tenants/shop/sessions/{session}";

    private async Task<string> SendAsync(bool isHanging)
    {
        var session = Guid.CreateVersion7();
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 5000;
        using var content = new ByteArrayContent(Upload.Batch(HangingRecording.Create(session, time, isHanging)));
        content.Headers.ContentType = new("text/plain");
        using var answer = await _site.Http.PostAsync($"{ReplayApi.Prefix}/v1/batches?key={StrictSite.Key}&sent={time + 5000}", content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var id = session.ToString("N");
        await new ReplayApi(_site.Http).WaitForSessionAsync("event=end", found => found.GetProperty("id").GetString() == id, "the end");
        return id;
    }
}
