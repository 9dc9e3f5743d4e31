using System.Net;
using Microsoft.Playwright;

namespace SessionReplay.EndToEnd;

/// <summary>A visitor's say: nothing before consent, and an end to everything on opting out.</summary>
public sealed class ConsentTests
{
    [Fact]
    public async Task Consent_Required_NothingIsSentOrKeptBeforeItIsGivenAndAllIsErasedOnOptOut()
    {
        await using var host = await ReferenceHost.StartAsync(("Shop:AskConsent", "true"));
        await using var chromium = await Chromium.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync(host.Url);
        var api = new ReplayApi(host.Http);
        var sent = Watch(visitor);
        var page = await visitor.NewPageAsync();

        // Before consent: acting leaves no trace, neither here nor there.
        await page.GotoAsync("/category/packs");
        await page.ClickAsync("[data-add=fell-30]");
        await page.Locator("#toast").WaitForAsync();
        await page.WaitForTimeoutAsync(6500);
        Assert.Empty(sent);
        Assert.Empty((await api.GetAsync("sessions")).GetProperty("sessions").EnumerateArray());
        await AssertNothingIsKeptAsync(page);

        // With it: recorded.
        await page.ClickAsync("#consent-yes");
        await page.WaitForFunctionAsync("() => Boolean(window.SessionReplay?.current()?.sessionId)");
        await page.ClickAsync("[data-add=hip-pouch]");
        await page.EvaluateAsync("() => window.SessionReplay.current().flush()");
        var session = await api.WaitForSessionAsync("url=/category/packs", found => found.GetProperty("clicks").GetInt32() > 0, "a click");
        var id = session.GetProperty("id").GetString();

        // Opting out: the session is deleted, and the next page is not recorded.
        await page.ClickAsync("#opt-out");
        await WaitUntilGoneAsync(api, id!);
        // The browser reports its requests after it has made them.
        await Until.HoldsAsync(() => Task.FromResult(Count(sent, "/forget") == 1), "the request to forget the session");
        var before = Count(sent, "/batches");

        await page.GotoAsync("/category/light");
        await page.ClickAsync("[data-add=fire-kit]");
        await page.Locator("#toast").WaitForAsync();
        await page.WaitForTimeoutAsync(6500);
        Assert.Equal(before, Count(sent, "/batches"));
        await Until.HoldsAsync(
            async () => !(await api.GetAsync("sessions")).GetProperty("sessions").EnumerateArray().Any(), "an empty list");
    }

    private static List<string> Watch(IBrowserContext visitor)
    {
        var sent = new List<string>();
        visitor.Request += (_, request) =>
        {
            if (request.Url.Contains("/session-replay/v1/", StringComparison.Ordinal) && request.Method == "POST")
            {
                lock (sent)
                {
                    sent.Add(request.Url);
                }
            }
        };
        return sent;
    }

    private static async Task AssertNothingIsKeptAsync(IPage page)
    {
        Assert.Equal(
            "[]", await page.EvaluateAsync<string>(
                "() => JSON.stringify(Object.keys(localStorage).concat(Object.keys(sessionStorage)).filter((key) => key !== 'consent'))"));
        Assert.Equal(
            "[]", await page.EvaluateAsync<string>(
                "async () => JSON.stringify((await indexedDB.databases()).map((database) => database.name))"));
    }

    private static int Count(List<string> sent, string part)
    {
        lock (sent)
        {
            return sent.Count(url => url.Contains(part, StringComparison.Ordinal));
        }
    }

    private static Task WaitUntilGoneAsync(ReplayApi api, string id) => Until.HoldsAsync(
        async () =>
        {
            using var answer = await api.SendAsync(HttpMethod.Get, $"tenants/shop/sessions/{id}");
            return answer.StatusCode == HttpStatusCode.Gone;
        },
        "the end of the session");
}
