using System.Net;
using Microsoft.Playwright;
using SessionReplay.PackageTests;
using SessionReplay.Testing;
using static Microsoft.Playwright.Assertions;

namespace SessionReplay.GuideTests;

public sealed class SinglePageApplicationTests
{
    private const string Page = "single-page-application";
    private const string Api = "http://localhost:5210";

    /// <summary>The application's own API allows no other origin.</summary>
    private const string ProductsWithoutTheApi =
        """
        app.innerHTML = '<h1>Products</h1><button id="sign-in">Sign in</button>';
        document.querySelector('#sign-in')!.addEventListener('click', signIn);
        """;

    [SkippableFact]
    public async Task Guide_Followed_RecordsThroughVitesProxyFromTheApiAndFromAnotherOrigin()
    {
        using var app = await GuideApp.FollowAsync((Page, "api"), (Page, "web"));
        var web = Path.GetFullPath(Path.Combine(app.ProjectFolder, "..", "web"));
        AddModules(web);
        await app.BuildAsync();
        await using (var running = await RunningApp.StartAsync(app))
        {
            await Edit(Path.Combine(web, "vite.config.ts"), Api, running.Url);
            await using var vite = await StartViteAsync(web, "dev");
            await VisitAsync(vite.Url);
            await ProveAsync(running, vite.Url);
            using var refused = await SendFromAsync(running, "http://localhost:5173");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("origin-not-allowed", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Directory.Delete(Path.Combine(app.ProjectFolder, "session-replay-data"), recursive: true);
        await Command.RunAsync(web, "node", Vite, "build");
        await using (var running = await RunningApp.StartAsync(app))
        {
            await VisitAsync(running.Url);
            await ProveAsync(running, running.Url);
        }

        Directory.Delete(Path.Combine(app.ProjectFolder, "session-replay-data"), recursive: true);
        await app.FollowAsync(Page, "origins");
        await using (var vite = await StartViteAsync(web, "dev"))
        {
            await Edit(Path.Combine(app.ProjectFolder, "appsettings.json"), "https://shop.example", vite.Url);
            await using var running = await RunningApp.StartAsync(app);
            await Edit(Path.Combine(web, "src", "main.ts"), "import.meta.env.VITE_SESSION_REPLAY", $"'{running.Url}/session-replay'");
            await Edit(Path.Combine(web, "src", "main.ts"), "void showProducts()", ProductsWithoutTheApi);
            await VisitAsync(vite.Url);
            await ProveAsync(running, running.Url);
        }
    }

    /// <summary>The types of the module fit what the guide does with it.</summary>
    [SkippableFact]
    public async Task FrontEnd_OfTheGuide_Compiles()
    {
        var types = Repository.File("js", "packages", "recorder", "dist", "types");
        Skip.IfNot(Directory.Exists(types), "The recorder's types are not built: npm run build in js.");
        using var app = await GuideApp.FollowAsync((Page, "api"), (Page, "web"));
        var web = Path.GetFullPath(Path.Combine(app.ProjectFolder, "..", "web"));
        AddModules(web);

        await Command.RunAsync(
            web, "node", Repository.File("js", "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--strict", "--skipLibCheck",
            "--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022",
            "--types", "vite/client", "src/main.ts", "vite.config.ts");
    }

    private static string Vite => Repository.File("js", "node_modules", "vite", "bin", "vite.js");

    /// <summary>What <c>npm install</c> would bring: Vite, and the recorder as this repository has built it.</summary>
    private static void AddModules(string web)
    {
        Peer.Require(Vite, "npm ci in js");
        File.WriteAllText(Path.Combine(web, "package.json"), """{ "name": "web", "private": true, "type": "module" }""");
        Directory.CreateDirectory(Path.Combine(web, "node_modules", "@session-replay"));
        Directory.CreateSymbolicLink(Path.Combine(web, "node_modules", "vite"), Repository.File("js", "node_modules", "vite"));
        var recorder = Path.Combine(web, "node_modules", "@session-replay", "recorder");
        Directory.CreateDirectory(Path.Combine(recorder, "dist"));
        var package = Repository.File("js", "packages", "recorder");
        File.Copy(Path.Combine(package, "package.json"), Path.Combine(recorder, "package.json"));
        foreach (var file in Directory.GetFiles(Path.Combine(package, "dist"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(recorder, Path.GetRelativePath(package, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static Task<RunningApp> StartViteAsync(string web, string command)
    {
        var port = FreePort.Next();
        return RunningApp.StartAsync(["node", Vite, command, "--host", "127.0.0.1", "--port", $"{port}", "--strictPort"], web, port);
    }

    private static async Task Edit(string file, string text, string by)
    {
        var content = await File.ReadAllTextAsync(file);
        Assert.Contains(text, content, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, content.Replace(text, by, StringComparison.Ordinal));
    }

    private static async Task VisitAsync(string url)
    {
        await using var visitor = await Visitor.ComeAsync(url);
        await visitor.Page.GotoAsync("/");
        await visitor.WaitUntilSentAsync();
        await visitor.LeaveAfterAsync(async () =>
        {
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
            await Expect(visitor.Page.Locator("h1")).ToHaveTextAsync("Account");
        });
        Assert.Empty(visitor.Complaints);
    }

    private static async Task ProveAsync(RunningApp running, string url)
    {
        var session = await running.FindSessionAsync("user=ann@example.org");
        Assert.Equal("Ann", session.GetProperty("user").GetProperty("name").GetString());
        await using var viewer = await Visitor.ComeAsync(url);
        await viewer.PlayAsync("/session-replay", "Products");
        Assert.Empty(viewer.Complaints);
    }

    private static Task<HttpResponseMessage> SendFromAsync(RunningApp running, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/session-replay/v1/batches?key=shop-web&sent=0");
        request.Content = new StringContent(string.Empty);
        request.Headers.Add("Origin", origin);
        return running.Http.SendAsync(request);
    }
}
