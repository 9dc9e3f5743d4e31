using System.Text.Json;
using Microsoft.Playwright;

namespace SessionReplay.EndToEnd;

/// <summary>The console's page of one session, with the player on it.</summary>
internal sealed class PlayerPage(IPage page)
{
    public IPage Page => page;

    private ILocator Player => page.Locator("session-replay-player").First;

    public static async Task<PlayerPage> OpenAsync(IPage page, string session)
    {
        await page.GotoAsync($"{ReplayApi.Prefix}/tenants/shop/sessions/{session}");
        var player = new PlayerPage(page);
        await player.WaitUntilReadyAsync();
        return player;
    }

    public async Task WaitUntilReadyAsync()
    {
        await Player.WaitForAsync();
        await WaitAsync("(player) => Boolean(player.replayDocument?.body?.firstElementChild)");
    }

    /// <summary>Shows a moment and waits until the replay stands there.</summary>
    /// <param name="offset">Milliseconds from the session's start.</param>
    public Task SeekAsync(double offset) =>
        Player.EvaluateAsync("async (player, offset) => { player.pause?.(); await player.seek(offset); }", offset);

    /// <summary>Applies a JavaScript function to the document that is shown.</summary>
    public Task<string> ReadAsync(string function) => Player.EvaluateAsync<string>($"(player) => ({function})(player.replayDocument)");

    public Task<JsonElement> EvaluateAsync(string function) => Player.EvaluateAsync<JsonElement>(function);

    /// <summary>Waits until a condition of the player holds.</summary>
    public async Task WaitAsync(string condition, float timeout = 60_000)
    {
        var handle = await Player.ElementHandleAsync();
        await page.WaitForFunctionAsync(condition, handle, new() { Timeout = timeout });
    }

    /// <summary>Reads the document until it is the expected text, at most for a minute; returns what it was last.</summary>
    public async Task<string> ReadUntilAsync(string function, string expected)
    {
        var text = string.Empty;
        for (var i = 0; i < 600; i++)
        {
            text = await ReadAsync(function);
            if (text == expected)
            {
                break;
            }

            await page.WaitForTimeoutAsync(100);
        }

        return text;
    }
}
