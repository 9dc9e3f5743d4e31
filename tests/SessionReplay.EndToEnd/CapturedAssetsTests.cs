using Microsoft.Playwright;

namespace SessionReplay.EndToEnd;

/// <summary>An image and a font of a page, from the page to the replay.</summary>
public sealed class CapturedAssetsTests
{
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    // A font whose one letter is a square.
    private static readonly byte[] Font = Convert.FromBase64String(
        "d09GRgABAAAAAAIgAAoAAAAAAlwAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAABPUy8yAAAA9AAAADUAAABgVktVq2NtYXAAAAEsAAAAJgAAACwADACmZ2x5ZgAAAVQAAAAfAAAASAXsCdho"
        + "ZWFkAAABdAAAACgAAAA2YQdC2WhoZWEAAAGcAAAAHgAAACQFFgGTaG10eAAAAbwAAAAIAAAACASwAABsb2NhAAABxAAAAAYAAAAGACQAEm1heHAAAAHMAAAAFwAAACAABAAFbmFtZQAA"
        + "AeQAAAAuAAAALgG8Cbxwb3N0AAACFAAAAAwAAAAgAAMAAHjaY2BhimCcwMDKQAxgROb4+fu5MjgwFDMUMyv8t2BgYFZgOAFTw/iF8QuQUmBgAADrMwecAAAAeNpjYGBgZGAGYgYGHgYW"
        + "BgUgzQKEIH7x//8Q8n8fmM8AAFGtBq8AAHjaY2BkAALGL4xfGJiBNBBA+DDyHw+IQVgNAEvnCc0AeNpjYGRgYABi4ZV2U+P5bb4yMDC/YMACGL8wfgFSHAxMIB4AvXoGEHjaY2BkYGBW"
        + "+G/BwMAUwQAEjF8YGBlQARMAQ9ACrgAAAlgAAAJYAAAAAAASACQAAHjaY2BkYGBgYmBhANEMUBIJAAABAQAKAAAAAAIAHgADAAEECQABAAIAAAADAAEECQACAA4AAgBXAFIAZQBnAHUA"
        + "bABhAHIAAHjaY2BmwAsAAH0ABA==");

    [Fact]
    public async Task Page_WithImageAndFont_IsReplayedWithItsImageAndFontFromTheRecordingAlone()
    {
        await using var host = await ReferenceHost.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        string id;
        await using (var visitor = await chromium.NewVisitorAsync(host.Url))
        {
            await ServeAsync(visitor, host.Url);
            var page = await visitor.NewPageAsync();
            await page.GotoAsync("/help");
            await page.WaitForFunctionAsync("() => Boolean(window.SessionReplay?.current()?.sessionId)");
            id = (await new ReplayApi(host.Http).WaitForSessionAsync(
                "url=/help", session => session.GetProperty("chunks").GetInt32() > 0, "the snapshot")).GetProperty("id").GetString()!;
        }

        await using var viewer = await chromium.NewVisitorAsync(host.Url);
        var fetched = new List<string>();
        viewer.Request += (_, request) =>
        {
            lock (fetched)
            {
                fetched.Add(request.Url);
            }
        };
        var player = await PlayerPage.OpenAsync(await viewer.NewPageAsync(), id);
        await player.WaitAsync("(player) => player.replayDocument?.getElementById('photo')?.naturalWidth === 1");
        await player.WaitAsync(
            "(player) => [...player.replayDocument.fonts].some((font) => font.family === 'Words' && font.status === 'loaded')");
        Assert.StartsWith("blob:", await player.ReadAsync("(document) => document.getElementById('photo').src"), StringComparison.Ordinal);
        lock (fetched)
        {
            Assert.DoesNotContain(
                fetched,
                url => url.EndsWith("photo.png", StringComparison.Ordinal) || url.EndsWith("words.woff", StringComparison.Ordinal));
        }
    }

    /// <summary>Puts the image and the font into the page.</summary>
    private static async Task ServeAsync(IBrowserContext visitor, string url)
    {
        await visitor.RouteAsync("**/photo.png", route => route.FulfillAsync(new() { ContentType = "image/png", BodyBytes = Png }));
        await visitor.RouteAsync("**/words.woff", route => route.FulfillAsync(new() { ContentType = "font/woff", BodyBytes = Font }));
        await visitor.RouteAsync(url + "/help", async route =>
        {
            var answer = await route.FetchAsync();
            var html = (await answer.TextAsync()).Replace(
                "</footer>",
                "<style>@font-face { font-family: Words; src: url(/words.woff) } #words { font-family: Words }</style><p id=words>set in it</p><img id=photo src=/photo.png></footer>",
                StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Body = html });
        });
    }
}
