using static Microsoft.Playwright.Assertions;

namespace SessionReplay.GuideTests;

public sealed class MvcAndRazorPagesTests
{
    private const string Page = "mvc-and-razor-pages";

    [SkippableTheory]
    [InlineData("mvc", "/Home/Privacy")]
    [InlineData("razor", "/Privacy")]
    public async Task Guide_FollowedInATemplate_RecordsAndPlays(string name, string second)
    {
        using var app = await GuideApp.FollowAsync((Page, name));
        await app.BuildAsync();
        await using var running = await RunningApp.StartAsync(app);
        await using (var visitor = await Visitor.ComeAsync(running.Url))
        {
            await visitor.OpenAsync("/");
            await visitor.OpenAsync(second);
            await visitor.LeaveAsync();
            Assert.Empty(visitor.Complaints);
        }

        var session = await running.FindSessionAsync("event=left");
        Assert.Equal(2, session.GetProperty("pages").GetInt32());
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await viewer.PlayAsync("/session-replay", "Welcome");
        var shown = await viewer.ReadReplayAsync<string>("(page) => page.body.innerText");
        Assert.DoesNotContain("ann@example.org", shown, StringComparison.Ordinal);
        Assert.Empty(viewer.Complaints);
        Assert.DoesNotContain("warn: SessionReplay", running.Output, StringComparison.Ordinal);
        await running.StopAsync();
        await ProveClosedAsync(app);
    }

    [SkippableFact]
    public async Task Tag_WithoutTheViewImport_IsAnUnknownElement()
    {
        using var app = await GuideApp.FollowAsync((Page, "razor"));
        await File.WriteAllTextAsync(
            Path.Combine(app.ProjectFolder, "Pages", "_ViewImports.cshtml"),
            "@namespace Shop.Pages\n@addTagHelper *, Microsoft.AspNetCore.Mvc.TagHelpers\n");
        await app.BuildAsync();
        await using var running = await RunningApp.StartAsync(app);

        Assert.Contains("<session-replay-recorder", await running.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    private static async Task ProveClosedAsync(GuideApp app)
    {
        await using var running = await RunningApp.StartAsync(app, ("ASPNETCORE_ENVIRONMENT", "Production"));
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await viewer.Page.GotoAsync("/session-replay");
        await Expect(viewer.Page.Locator("session-replay-list")).ToContainTextAsync("Nobody is allowed to do this yet.");
    }
}
