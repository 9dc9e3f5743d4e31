using System.Collections.Concurrent;
using System.Net;
using Microsoft.Playwright;
using SessionReplay.Testing;

namespace SessionReplay.EndToEnd;

/// <summary>A recording is hostile input: nothing of it runs where it is looked at.</summary>
[Collection(RecordedShopCollection.Name)]
public sealed class HostileRecordingTests(RecordedShop shop)
{
    [Fact]
    public async Task Player_RecordingWithScriptsAndHandlers_RunsNoneAndFetchesNothing()
    {
        await using var attacker = new CountingServer();
        var id = await SendAsync(attacker.Url);

        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await viewer.NewPageAsync();
        var effects = Watch(viewer, page);
        var player = await PlayAsync(page, id);

        Assert.Empty(effects);
        Assert.Empty(attacker.Requests);
        foreach (var frame in page.Frames)
        {
            Assert.DoesNotContain(HostileRecording.Beacon, frame.Url, StringComparison.Ordinal);
        }

        Assert.False(await page.EvaluateAsync<bool>("() => 'hostile' in window"));
        // The frame itself forbids scripts, whatever is in it.
        var sandbox = await player.EvaluateAsync("(player) => player.replayDocument.defaultView.frameElement.getAttribute('sandbox')");
        Assert.NotNull(sandbox.GetString());
        Assert.DoesNotContain("allow-scripts", sandbox.GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("allow-top-navigation", sandbox.GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("allow-popups", sandbox.GetString(), StringComparison.Ordinal);
    }

    /// <returns>The session's id, once it is in the list.</returns>
    private async Task<string> SendAsync(string attacker)
    {
        var session = Guid.CreateVersion7();
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = HostileRecording.Create(session, Guid.CreateVersion7(), time, shop.Host.Url + "/hostile", attacker);
        using var content = new ByteArrayContent(Upload.Batch(batch));
        content.Headers.ContentType = new("text/plain");
        using var answer = await shop.Host.Http.PostAsync($"{ReplayApi.Prefix}/v1/batches?key=fjord-and-field-web&sent={time}", content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        var id = session.ToString("N");
        await shop.Api.WaitForSessionAsync("url=/hostile", found => found.GetProperty("id").GetString() == id, "the hostile recording");
        return id;
    }

    /// <returns>Takes what the recording does to the page around it: requests to its own origin, and dialogs.</returns>
    private static ConcurrentQueue<string> Watch(IBrowserContext viewer, IPage page)
    {
        var effects = new ConcurrentQueue<string>();
        viewer.Response += (_, response) =>
        {
            if (response.Url.Contains(HostileRecording.Beacon, StringComparison.Ordinal))
            {
                effects.Enqueue($"{response.Request.ResourceType} {response.Url}");
            }
        };
        page.Dialog += (_, dialog) =>
        {
            effects.Enqueue(dialog.Message);
            _ = dialog.DismissAsync();
        };
        return effects;
    }

    /// <summary>
    /// Looks at all of it: the list shows the hostile title and name; the player shows the page, then what was added to it, then the whole
    /// of it playing.
    /// </summary>
    private static async Task<PlayerPage> PlayAsync(IPage page, string id)
    {
        await page.GotoAsync(ReplayApi.Prefix);
        await page.Locator($"a[href*='{id}']").First.WaitForAsync();
        var player = await PlayerPage.OpenAsync(page, id);
        await player.SeekAsync(100);
        await player.WaitAsync("(player) => player.replayDocument?.getElementById('harmless')?.textContent === 'What the page showed'");
        await player.SeekAsync(1500);
        await player.EvaluateAsync("(player) => { player.play(); }");
        await page.WaitForTimeoutAsync(1500);
        await player.EvaluateAsync(
            """
            (player) => {
              const document = player.replayDocument;
              document.getElementById('trap')?.click();
              document.getElementById('harmless')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
              document.getElementById('harmless')?.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
              for (const button of document.querySelectorAll('button')) button.click();
            }
            """);
        await page.WaitForTimeoutAsync(500);
        return player;
    }
}
