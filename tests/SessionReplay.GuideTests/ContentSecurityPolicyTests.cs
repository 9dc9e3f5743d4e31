namespace SessionReplay.GuideTests;

public sealed class ContentSecurityPolicyTests
{
    [SkippableFact]
    public async Task Guide_FollowedInRazorPages_RecordsAndPlaysWithoutAViolation()
    {
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("content-security-policy", "shop"));
        await app.BuildAsync();
        await using var running = await RunningApp.StartAsync(app);
        var policy = (await running.Http.GetAsync("/")).Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        await using (var visitor = await Visitor.ComeAsync(running.Url))
        {
            await visitor.Page.RunAndWaitForWorkerAsync(() => visitor.OpenAsync("/"));
            await visitor.OpenAsync("/Privacy");
            await visitor.LeaveAsync();
            Assert.Empty(visitor.Complaints);
        }

        await running.FindSessionAsync("event=left");
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await viewer.PlayAsync("/session-replay", "Welcome");
        Assert.Empty(viewer.Complaints);
    }
}
