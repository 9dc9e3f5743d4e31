using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace SessionReplay.Fidelity;

/// <summary>One visit of a page: does what the page's head says, and takes a picture of each moment.</summary>
internal sealed class Visit(IPage page, FidelityPage subject, Site site)
{
    /// <summary>
    /// How long a page stays as it is after a moment: in play the player comes by with the frames that the machine can draw.
    /// </summary>
    private const int HoldMs = 400;

    // Gives the time before the last event that was sent; null where a page has taken the recorder out of the window.
    private const string Send = """
        () => {
          const recorder = window.SessionReplay?.current();
          const time = Date.now() - 1;
          recorder?.track('sent');
          recorder?.flush();
          return recorder ? time : null;
        }
        """;

    public async Task<(string Session, IReadOnlyList<Picture> Pictures)> MakeAsync()
    {
        await page.GotoAsync(subject.Path, new() { WaitUntil = WaitUntilState.Load });
        // A page may replace the whole document later, and with it what the recorder has put into the window.
        var id = await page.WaitForFunctionAsync("() => SessionReplay.current().sessionId");
        var session = await id.JsonValueAsync<string>();
        await page.WaitForTimeoutAsync(subject.LoadMs);
        List<Picture> pictures = [await TakeAsync()];
        foreach (var action in await ActionsAsync())
        {
            await page.WaitForTimeoutAsync(HoldMs);
            await DoAsync(action);
            await page.WaitForTimeoutAsync(subject.SettleMs);
            pictures.Add(await TakeAsync());
        }

        // The contents of images are read for a batch that is sent while the page is there, and not for the last one.
        if (await page.EvaluateAsync<double?>(Send) is { } sent)
        {
            await site.WaitUntilAsync(session, sent);
        }

        // With this there is always something left for the last batch, which closes the window. Then the page is left as visitors leave it.
        await page.EvaluateAsync("() => window.SessionReplay?.current()?.track('end')");
        await page.GotoAsync("about:blank");
        return (session, pictures);
    }

    private async Task<IReadOnlyList<string>> ActionsAsync() => subject.Actions is { Count: > 0 } actions
        ? actions
        : [.. Enumerable.Repeat("step", await page.EvaluateAsync<int>("() => window.steps?.length ?? 0"))];

    private async Task DoAsync(string action)
    {
        var words = action.Split(' ', 3);
        var (verb, first, rest) = (words[0], words.ElementAtOrDefault(1) ?? string.Empty, words.ElementAtOrDefault(2) ?? string.Empty);
        switch (verb)
        {
            case "step":
                await page.EvaluateAsync("async () => { await window.steps.shift()(); }");
                break;
            case "click":
                await page.ClickAsync(first);
                break;
            case "hover":
                await page.HoverAsync(first);
                break;
            case "focus":
                await page.FocusAsync(first);
                break;
            case "type":
                await page.Locator(first).PressSequentiallyAsync(rest);
                break;
            case "press":
                await page.Keyboard.PressAsync(first);
                break;
            case "wheel":
                await page.Mouse.WheelAsync(0, float.Parse(first, CultureInfo.InvariantCulture));
                break;
            case "wait":
                await page.WaitForTimeoutAsync(float.Parse(first, CultureInfo.InvariantCulture));
                break;
            default:
                throw new FormatException($"Not an action: {action}");
        }
    }

    private async Task<Picture> TakeAsync()
    {
        var captured =
            await page.EvaluateAsync<JsonElement>(
                $"async () => {{ await ({Script.Loaded})(document); return ({Script.Picture})(document); }}");
        return Picture.Of(captured, await page.ScreenshotAsync());
    }
}
