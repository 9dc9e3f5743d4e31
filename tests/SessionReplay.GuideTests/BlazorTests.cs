using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SessionReplay.GuideTests;

public sealed class BlazorTests
{
    [SkippableTheory]
    [InlineData("static")]
    [InlineData("server")]
    [InlineData("webassembly")]
    public async Task Guide_FollowedInATemplate_RecordsEachPageInOneWindowAndPlays(string name)
    {
        using var app = await GuideApp.FollowAsync(("blazor", name));
        await app.BuildAsync();
        await using var running = await RunningApp.StartAsync(app);
        await using (var visitor = await Visitor.ComeAsync(running.Url))
        {
            await visitor.OpenAsync("/");
            await visitor.Page.EvaluateAsync("() => { window.notReloaded = true; }");
            if (name != "static")
            {
                await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Counter" }).ClickAsync();
                await CountAsync(visitor.Page);
            }

            await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Weather" }).ClickAsync();
            await Expect(visitor.Page.GetByRole(AriaRole.Table)).ToBeVisibleAsync();
            Assert.True(await visitor.Page.EvaluateAsync<bool>("() => window.notReloaded === true"));
            await visitor.LeaveAsync();
            Assert.Empty(visitor.Complaints);
        }

        var session = await running.FindSessionAsync("event=left");
        Assert.Equal(name == "static" ? 2 : 3, session.GetProperty("pages").GetInt32());
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await viewer.PlayAsync("/session-replay", "Hello, world!");
        var shown = await viewer.ReadReplayAsync<string>("(page) => page.body.innerText");
        Assert.DoesNotContain("ann@example.org", shown, StringComparison.Ordinal);
        Assert.Empty(viewer.Complaints);
        Assert.DoesNotContain("warn: SessionReplay", running.Output, StringComparison.Ordinal);
    }

    /// <summary>Counts once the page is interactive: clicks before that are lost.</summary>
    private static async Task CountAsync(IPage page)
    {
        var count = page.GetByRole(AriaRole.Status);
        await Expect(count).ToHaveTextAsync("Current count: 0");
        for (var i = 0; i < 300 && (await count.TextContentAsync())!.EndsWith(" 0", StringComparison.Ordinal); i++)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Click me" }).ClickAsync();
            await page.WaitForTimeoutAsync(200);
        }

        await Expect(count).Not.ToHaveTextAsync("Current count: 0");
    }
}
