using System.Net;

namespace SessionReplay.GuideTests;

public sealed class ReverseProxyTests
{
    private const string Page = "reverse-proxy-and-path-base";
    private const string Application = "http://127.0.0.1:5210";

    [SkippableFact]
    public async Task Guide_Followed_RecordsAndPlaysThroughNginxAndYarp()
    {
        Nginx.Require();
        using var yarp = await GuideApp.FollowAsync((Page, "yarp"));
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("signed-in-users", "shop"), (Page, "shop"));
        await yarp.BuildAsync();
        await app.BuildAsync();
        await using var running = await RunningApp.StartAsync(app);
        await using (var nginx = await StartNginxAsync(app, running))
        {
            await ProveAsync(running, nginx, "Ann");
        }

        var settings = Path.Combine(yarp.ProjectFolder, "appsettings.json");
        var text = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, text.Replace(Application, running.Url, StringComparison.Ordinal));
        await using var proxy = await RunningApp.StartAsync(yarp);
        await ProveAsync(running, proxy, "Bob");
    }

    private static async Task ProveAsync(RunningApp running, RunningApp proxy, string name)
    {
        await using (var visitor = await Visitor.ComeAsync(proxy.Url))
        {
            await SignedInUsersTests.SignInAsync(visitor, name, "customer", "/shop/SignIn");
            Assert.EndsWith("/shop/", visitor.Page.Url, StringComparison.Ordinal);
            await visitor.OpenAsync("/shop/Privacy");
            await visitor.LeaveAsync();
            Assert.Empty(visitor.Complaints);
        }

        // Through a proxy nobody is local, although the application runs in the Development environment.
        using var stranger = await proxy.Http.GetAsync("/shop/session-replay/api/sessions");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        await using var viewer = await Visitor.ComeAsync(proxy.Url);
        await SignedInUsersTests.SignInAsync(viewer, "Sam", "support", "/shop/session-replay");
        await viewer.PlayAsync($"/shop/session-replay?user={name.ToLowerInvariant()}", "Privacy");
        Assert.Empty(viewer.Complaints);
        Assert.DoesNotContain("warn: SessionReplay", running.Output, StringComparison.Ordinal);
    }

    private static Task<RunningApp> StartNginxAsync(GuideApp app, RunningApp running)
    {
        var server = Guide.Named(Page).FileOf("nginx", "shop.conf");
        Assert.Contains(Application, server, StringComparison.Ordinal);
        return Nginx.StartAsync(app.Beside("nginx"), server.Replace(Application, running.Url, StringComparison.Ordinal));
    }
}
