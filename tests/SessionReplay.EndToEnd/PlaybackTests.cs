using System.Text.Json;
using Microsoft.Playwright;

namespace SessionReplay.EndToEnd;

/// <summary>What a viewer sees: the list, the player, and in it the pages as the visitor saw them.</summary>
[Collection(RecordedShopCollection.Name)]
public sealed class PlaybackTests(RecordedShop shop)
{
    [Fact]
    public async Task Console_SearchByUrlThenByUser_LeadsToThePlayer()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await viewer.NewPageAsync();
        var errors = Watch(page);
        await page.GotoAsync(ReplayApi.Prefix);

        var link = page.Locator($"a[href*='{shop.Session}']").First;
        await link.WaitForAsync();
        await page.Locator("[name=url]").First.FillAsync("/nowhere");
        await page.Locator("[name=url]").First.PressAsync("Enter");
        await Assertions.Expect(link).ToHaveCountAsync(0);
        await page.Locator("[name=url]").First.FillAsync("/checkout");
        await page.Locator("[name=user]").First.FillAsync(ShopVisit.Email);
        await page.Locator("[name=user]").First.PressAsync("Enter");
        await link.WaitForAsync();
        await link.ClickAsync();

        await new PlayerPage(page).WaitUntilReadyAsync();
        Assert.Contains(shop.Session, page.Url, StringComparison.Ordinal);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Seek_ToEachMoment_ShowsThePageAsItWas()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var page = await viewer.NewPageAsync();
        var errors = Watch(page);
        var manifest = await shop.Api.GetAsync($"tenants/shop/sessions/{shop.Session}/manifest");
        var player = await PlayerPage.OpenAsync(page, shop.Session);
        var wrong = new List<string>();

        foreach (var moment in shop.Moments)
        {
            await player.SeekAsync(Offset(manifest, moment));
            var dom = await player.ReadUntilAsync(DomText.Function, moment.Dom);
            if (dom != moment.Dom)
            {
                wrong.Add($"{moment.Name}: {Difference(moment.Dom, dom)}");
            }

            var styles = await player.ReadUntilAsync(DomText.Styles, moment.Styles);
            if (styles != moment.Styles)
            {
                wrong.Add($"{moment.Name}, styles: {Difference(moment.Styles, styles)}");
            }
        }

        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{manifest}");
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Seek_BackAndForth_ShowsTheSameAgain()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var manifest = await shop.Api.GetAsync($"tenants/shop/sessions/{shop.Session}/manifest");
        var player = await PlayerPage.OpenAsync(await viewer.NewPageAsync(), shop.Session);

        foreach (var name in new[] { "help", "home", "checkout", "search" })
        {
            var moment = shop.Moments.Single(moment => moment.Name == name);
            await player.SeekAsync(Offset(manifest, moment));
            Assert.Equal(moment.Dom, await player.ReadUntilAsync(DomText.Function, moment.Dom));
        }
    }

    [Fact]
    public async Task Checkout_InTheReplay_ShowsMasksInPlaceOfValues()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var manifest = await shop.Api.GetAsync($"tenants/shop/sessions/{shop.Session}/manifest");
        var player = await PlayerPage.OpenAsync(await viewer.NewPageAsync(), shop.Session);
        await player.SeekAsync(Offset(manifest, shop.Moments.Single(moment => moment.Name == "checkout")));

        foreach (var field in new[] { "Input_Card", "Input_Code", "Input_Password", "Input_Email", "Input_Name", "Input_Note" })
        {
            var value = string.Empty;
            for (var i = 0; i < 600 && value.Length == 0; i++)
            {
                value = await player.ReadAsync($"(document) => document.getElementById('{field}')?.value ?? ''");
                await player.Page.WaitForTimeoutAsync(100);
            }

            Assert.Matches(@"^[*•\s]+$", value);
        }
    }

    [Fact]
    public async Task Play_FromTheStart_MovesOnByItself()
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var player = await PlayerPage.OpenAsync(await viewer.NewPageAsync(), shop.Session);
        for (var i = 1; ; i++)
        {
            await player.SeekAsync(0);
            await player.EvaluateAsync("(player) => { player.speed = 8; player.play(); }");
            try
            {
                await player.WaitAsync(
                    "(player) => player.replayDocument?.body?.innerText.includes('Sign in') && player.replayDocument.querySelector('[name=password]') !== null",
                    10_000);
                return;
            }
            catch (TimeoutException) when (i < 6)
            {
                // Eight times as fast, the page is shown for a moment: on a busy machine it was over before anybody looked.
            }
        }
    }

    /// <summary>Where a moment of the page's clock lies, in milliseconds from the session's start.</summary>
    internal static double Offset(JsonElement manifest, Moment moment)
    {
        // The window in which the page was loaded last, on the page's own clock.
        var window = manifest.GetProperty("windows").EnumerateArray()
            .Where(window => From(window) <= moment.Time)
            .MaxBy(From);
        return moment.Time
            + window.GetProperty("clockOffset").GetInt64() - manifest.GetProperty("session").GetProperty("startedAt").GetInt64();

        static long From(JsonElement window) => window.GetProperty("from").GetInt64() - window.GetProperty("clockOffset").GetInt64();
    }

    private static List<string> Watch(IPage page)
    {
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            // What the policy of the console keeps a replayed page from is no fault of the player's.
            if (message.Type == "error" && !message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
            {
                errors.Add(message.Text);
            }
        };
        return errors;
    }

    private static string Difference(string expected, string actual)
    {
        var left = expected.Split('\n');
        var right = actual.Split('\n');
        var missing = left.Except(right).Take(6).Select(line => $"\n    - {line.Trim()}");
        var added = right.Except(left).Take(6).Select(line => $"\n    + {line.Trim()}");
        return $"{left.Length} lines expected, {right.Length} shown{string.Concat(missing)}{string.Concat(added)}";
    }
}
