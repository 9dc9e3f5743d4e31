using System.Xml.Linq;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

public sealed class IisTests
{
    private const string Token = "3f6d2f52-8e0c-4a35-8b1b-5c8f8a1e2d77";

    // Long: one scenario from its start to its end.
    [SkippableFact]
    public async Task Guide_Followed_PublishesForIisAndTakesThePathBaseOfItsModule()
    {
        Nginx.Require();
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("signed-in-users", "shop"), ("iis", "shop"));
        var published = Path.Combine(app.ProjectFolder, "publish");

        CheckPublished(published);

        // Out of process, the module gives the application a port, a path base and a token, and sends the token with each request.
        var port = FreePort.Next();
        await using var running = await RunningApp.StartAsync(
            ["dotnet", Path.Combine(published, "Shop.dll")],
            published,
            port,
            ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("ASPNETCORE_URLS", null),
            ("ASPNETCORE_PORT", $"{port}"),
            ("ASPNETCORE_APPL_PATH", "/shop"),
            ("ASPNETCORE_TOKEN", Token),
            ("SessionReplay__DataDirectory", app.Beside("data")));
        await using var iis = await Nginx.StartAsync(
            app.Beside("module"),
            $$"""
            server {
              listen 80;
              location / {
                proxy_pass {{running.Url}};
                proxy_http_version 1.1;
                proxy_set_header Host $http_host;
                proxy_set_header MS-ASPNETCORE-TOKEN {{Token}};
                proxy_set_header X-Forwarded-For $remote_addr;
                proxy_set_header X-Forwarded-Proto $scheme;
              }
            }
            """);
        await using (var visitor = await Visitor.ComeAsync(iis.Url))
        {
            await visitor.OpenAsync("/shop/Privacy");
            await visitor.OpenAsync("/shop");
            await visitor.LeaveAsync();
            Assert.Empty(visitor.Complaints);
        }

        await using var viewer = await Visitor.ComeAsync(iis.Url);
        await SignedInUsersTests.SignInAsync(viewer, "Sam", "support", "/shop/session-replay");
        await viewer.PlayAsync("/shop/session-replay?event=left", "Privacy");
        Assert.Empty(viewer.Complaints);
        Assert.True(File.Exists(Path.Combine(app.Beside("data"), "keys", "key-ring.json")));
    }

    /// <summary>What IIS reads, and what must not be in the site's folder.</summary>
    private static void CheckPublished(string published)
    {
        var module = XDocument.Load(Path.Combine(published, "web.config")).Descendants("aspNetCore").Single();
        Assert.Equal(
            ("dotnet", @".\Shop.dll", "inprocess"),
            (Attribute(module, "processPath"), Attribute(module, "arguments"), Attribute(module, "hostingModel")));
        Assert.Contains(
            module.Descendants("environmentVariable"),
            static variable => Attribute(variable, "name") == "SessionReplay__DataDirectory"
                && Attribute(variable, "value") == @"C:\SessionReplay");
        Assert.True(File.Exists(Path.Combine(published, "runtimes", "win-x64", "native", "e_sqlite3.dll")));
        Assert.False(Directory.Exists(Path.Combine(published, "session-replay-data")));
    }

    private static string? Attribute(XElement element, string name) => element.Attribute(name)?.Value;
}
