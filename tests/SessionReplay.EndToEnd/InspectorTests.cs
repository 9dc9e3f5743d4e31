using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SessionReplay.EndToEnd;

/// <summary>What stands beside the replay: lists of what happened that lead to the moment, and the timeline.</summary>
[Collection(RecordedShopCollection.Name)]
public sealed class InspectorTests(RecordedShop shop)
{
    [Fact]
    public async Task Lists_OfTheVisit_ShowWhatHappenedAndLeadToTheMoment()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await viewer.NewPageAsync();
        var player = await PlayerPage.OpenAsync(page, shop.Session);

        await page.GetByRole(AriaRole.Tab, new() { Name = "Network" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Failed", Exact = true }).ClickAsync();
        var row = page.Locator("session-replay-events .row", new() { HasText = "/api/vouchers" });
        await row.ClickAsync();
        await player.WaitAsync("(player) => player.replayDocument?.body?.innerText.includes('Throw an error')");
        await Assertions.Expect(page.Locator("session-replay-details dl")).ToContainTextAsync("404");
        await Assertions.Expect(row.Locator(".fall .waiting")).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Tab, new() { Name = "Console" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Errors", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("session-replay-events .row", new() { HasText = "uncaught" }).First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Tab, new() { Name = "Performance" }).ClickAsync();
        await Assertions.Expect(page.Locator("table.pages")).ToContainTextAsync("/help");
    }

    [Fact]
    public async Task Search_TextOfAConsoleLine_FindsIt()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await viewer.NewPageAsync();
        await PlayerPage.OpenAsync(page, shop.Session);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("voucher 404");

        await Assertions.Expect(page.Locator("session-replay-events .row", new() { HasText = "AUTUMN" }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Timeline_OfTheVisit_HasMarkersThatCanBeFiltered()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await viewer.NewPageAsync();
        var player = await PlayerPage.OpenAsync(page, shop.Session);
        var kinds = page.GetByRole(AriaRole.Group, new() { Name = "Markers on the timeline" });
        foreach (var kind in new[] { "Error", "Failed request", "Click", "Page" })
        {
            await Assertions.Expect(kinds.GetByRole(AriaRole.Button, new() { Name = kind }).First).ToBeVisibleAsync();
        }

        var clicks = page.Locator("session-replay-timeline .mark.lane1.dot");
        await Assertions.Expect(clicks).Not.ToHaveCountAsync(0);
        await kinds.GetByRole(AriaRole.Button, new() { Name = "Click" }).Last.ClickAsync();
        await Assertions.Expect(clicks).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Slider)).ToHaveAttributeAsync("aria-valuetext", new Regex(@"^0:0\d of "));

        // Two steps over markers of all kinds lead on, and one back leads back.
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.PressAsync("n");
        var after = (await player.EvaluateAsync("(player) => player.currentTime")).GetDouble();
        await page.Keyboard.PressAsync("p");
        Assert.InRange((await player.EvaluateAsync("(player) => player.currentTime")).GetDouble(), 0, after - 1);
    }
}
