using System.Text.Json;
using Microsoft.Playwright;
using SessionReplay.Testing;
using SessionReplay.Wire;
using static Microsoft.Playwright.Assertions;

namespace SessionReplay.EndToEnd.Blazor;

/// <summary>A Blazor application as its template makes it, in each way to render its pages.</summary>
public sealed class BlazorTests
{
    private const string App = "tests/SessionReplay.BlazorApp";

    /// <summary>What a visitor goes through, with the title that each page has when it is there.</summary>
    private static readonly (string Path, string Title)[] Way =
    [
        ("/", "Home of the shop"), ("/orders", "All orders"), ("/orders/{id}", "Order 42"), ("/orders/{id}", "Order 43"), ("/slow", Late),
        ("/orders/{id}", "Order 43"), ("/", "Home of the shop"),
    ];

    /// <summary>A title that comes later than the page's address.</summary>
    private const string Late = "What took a while";

    private const string Back = "(back)";

    /// <summary>What is clicked to come from each page to the next.</summary>
    private static readonly string[] Links = ["Orders", "Order", "Next", "Slow", Back, "Home"];

    [SkippableTheory]
    [InlineData("Static", "Static")]
    [InlineData("Server", "Server, interactive")]
    [InlineData("WebAssembly", "WebAssembly, interactive")]
    public async Task Visit_OfABlazorApplication_HasEachPageOnceWithItsTitleAndNoLossAndNoFailure(string mode, string renderer)
    {
        Peer.Require("/usr/bin/chromium", "apt-get install -y chromium");
        await using var host = await ReferenceHost.StartAppAsync(App, ("Mode", mode));
        await using var chromium = await Chromium.StartAsync();
        var api = new ReplayApi(host.Http);
        JsonElement found;
        await using (var visitor = await chromium.NewVisitorAsync(host.Url))
        {
            await VisitAsync(await visitor.NewPageAsync(), mode, renderer);
            found = await api.WaitForSessionAsync(
                "event=done", static session => session.GetProperty("pages").GetInt32() >= Way.Length, "all pages");
        }

        var detail = await api.GetAsync($"tenants/shop/sessions/{found.GetProperty("id").GetString()}");
        var pages = detail.GetProperty("pageList").EnumerateArray()
            .Select(static page => (
                Uri.UnescapeDataString(new Uri(page.GetProperty("url").GetString()!).AbsolutePath), page.GetProperty("title").GetString()!))
                .ToArray();

        Assert.Equal(Way.Select(stop => stop.Title == Late && mode == "Static" ? (stop.Path, string.Empty) : stop), pages);
        var requests = (await api.ReadBatchesAsync(found.GetProperty("id").GetString()!)).SelectMany(static batch => batch.Events)
            .Select(static e => e.Network).OfType<NetworkEvent>().ToList();
        Assert.Empty(
            requests.Where(static request => request is { Status: 0 or >= 400 } && request.Error != "aborted")
                .Select(static request => $"{request.Url} {request.Status} {request.Error}"));
        var session = detail.GetProperty("session");
        Assert.Equal(
            (Way.Length, 0, 0, 0),
            (Count(session, "pages"), Count(session, "lostEvents"), Count(session, "failedRequests"), Count(session, "errors")));
        Assert.Equal(
            3, requests.Count(static request => request.Url.EndsWith("/api/late", StringComparison.Ordinal) && request.Status == 0));
        if (mode == "WebAssembly")
        {
            Assert.True(
                requests.Count(static request => request.Url.Contains("/_framework/", StringComparison.Ordinal)) > 30,
                $"{requests.Count} requests");
        }
    }

    private static async Task VisitAsync(IPage page, string mode, string renderer)
    {
        await page.GotoAsync("/");
        await Expect(page.Locator("#renderer")).ToHaveTextAsync(renderer);
        foreach (var (link, (_, title)) in Links.Zip(Way[1..]))
        {
            await (link == Back ? page.GoBackAsync() : page.GetByRole(AriaRole.Link, new() { Name = link, Exact = true }).ClickAsync());
            // While Blazor streams a page that it renders on the server, the title stays as it was at first.
            await (title == Late && mode == "Static"
                ? Expect(page.Locator("h1")).ToHaveTextAsync("Loaded")
                : Expect(page).ToHaveTitleAsync(title));
        }

        await page.EvaluateAsync(CallOff);
        await page.EvaluateAsync("() => window.SessionReplay.current().track('done')");
        // What was not sent yet goes out on the way, and would not if the browser ended at once.
        await page.GotoAsync("about:blank");
    }

    [SkippableFact]
    public async Task Application_WithTheTagInAComponent_WarnsOfThatComponentAlone()
    {
        await using var host = await ReferenceHost.StartAppAsync(App, ("Mode", "Static"));

        await Until.HoldsAsync(() => Task.FromResult(host.Output.Contains("PlainTag.razor", StringComparison.Ordinal)), "the warning");

        var warning = Assert.Single(host.Output.Split('\n'), static line => line.Contains(".razor", StringComparison.Ordinal));
        Assert.Contains("<SessionReplayRecorder />", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "App.razor", warning.Replace("PlainTag.razor", string.Empty, StringComparison.Ordinal)[..40], StringComparison.Ordinal);
    }

    /// <summary>Requests that the page calls off itself: by fetch, by XMLHttpRequest, and by leaving while one is under way.</summary>
    private const string CallOff =
        """
        async () => {
          const abort = new AbortController();
          const called = fetch('/api/late', { signal: abort.signal }).catch((error) => error.name);
          const request = new XMLHttpRequest();
          request.open('GET', '/api/late');
          request.send();
          await new Promise((resolve) => setTimeout(resolve, 100));
          abort.abort();
          request.abort();
          await called;
          void fetch('/api/late').catch(() => undefined);
        }
        """;

    private static int Count(JsonElement session, string name) => session.GetProperty(name).GetInt32();
}
