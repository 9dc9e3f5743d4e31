using System.Text.Json;
using Microsoft.Playwright;

namespace SessionReplay.EndToEnd;

/// <summary>A visitor's way through the shop, with what each page showed on the way.</summary>
internal sealed class ShopVisit
{
    public const string Card = "4111 1111 1111 1111";
    public const string Password = "correct-horse-9281";
    public const string Email = "ada.lovelace@example.com";
    public const string SecurityCode = "7319";
    public const string User = "Ada Lovelace";

    private readonly List<Moment> _moments = [];

    public IReadOnlyList<Moment> Moments => _moments;

    public async Task MakeAsync(IPage page)
    {
        await SignInAsync(page);
        await FindTentAsync(page);
        await FillCartAsync(page);
        await CheckOutAsync(page);
        await AskForHelpAsync(page);
    }

    private async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.Locator("#ticker li").First.WaitForAsync();
        await KeepAsync(page, "home");

        await page.GotoAsync("/login");
        await page.FillAsync("[name=name]", User);
        await page.FillAsync("[name=email]", Email);
        await page.Locator("[name=password]").PressSequentiallyAsync(Password);
        await KeepAsync(page, "login");
        await page.ClickAsync("form.form button[type=submit]");
        await page.Locator("#user-name").WaitForAsync();
    }

    private async Task FindTentAsync(IPage page)
    {
        await page.Locator("#search-box").PressSequentiallyAsync("tent", new LocatorPressSequentiallyOptions { Delay = 30 });
        await page.Locator("#suggestions li").First.WaitForAsync();
        await KeepAsync(page, "suggestions");
        await page.PressAsync("#search-box", "Enter");
        await ArriveAsync(page, "**/search?q=tent");
        await KeepAsync(page, "search");

        await page.Locator("#results a", new PageLocatorOptions { HasText = "Ridge 4" }).First.ClickAsync();
        await ArriveAsync(page, "**/product/ridge-4");
        await page.FillAsync("#quantity", "2");
        await page.ClickAsync(".buy [data-add]");
        await page.Locator("#toast").WaitForAsync();
        await KeepAsync(page, "added to cart");
    }

    private async Task FillCartAsync(IPage page)
    {
        await page.GotoAsync("/category/kitchen");
        await page.SelectOptionAsync("#sort", "-price");
        await KeepAsync(page, "sorted");
        await page.ClickAsync("[data-add=mug-pair]");
        await page.Locator("#toast").WaitForAsync();

        await page.GotoAsync("/cart");
        await page.FillAsync("[data-set=mug-pair]", "3");
        await page.PressAsync("[data-set=mug-pair]", "Tab");
        await Assertions.Expect(page.Locator("#cart-total")).ToHaveTextAsync("€1170.00");
        await KeepAsync(page, "cart");
    }

    private async Task CheckOutAsync(IPage page)
    {
        await page.ClickAsync("#to-checkout");
        await ArriveAsync(page, "**/checkout");
        await page.FillAsync("#Input_Email", Email);
        await page.FillAsync("#Input_Name", User);
        await page.FillAsync("#Input_Street", "12 St James's Square");
        await page.FillAsync("#Input_Postcode", "SW1Y 4JH");
        await page.FillAsync("#Input_Town", "London");
        await page.CheckAsync("#gift");
        await page.FillAsync("#Input_Note", "For the engine");
        await page.Locator("#Input_Card").PressSequentiallyAsync(Card);
        await page.FillAsync("#Input_Expiry", "12/30");
        await page.FillAsync("#Input_Code", SecurityCode);
        await page.Locator("#Input_Password").PressSequentiallyAsync(Password);
        // A password that the page itself shows as text stays masked.
        await page.ClickAsync("#show-password");
        await page.Locator("#Input_Password").PressSequentiallyAsync("-shown");
        await KeepAsync(page, "checkout");
        await page.ClickAsync("#checkout button[type=submit]");
        await ArriveAsync(page, "**/order/*");
        await KeepAsync(page, "order");
    }

    private async Task AskForHelpAsync(IPage page)
    {
        await page.GotoAsync("/help");
        await page.ClickAsync("#throw");
        await page.ClickAsync("#failed-fetch");
        await Assertions.Expect(page.Locator("#help-answer")).ToContainTextAsync("voucher");
        await page.ClickAsync("#server-error");
        await Assertions.Expect(page.Locator("#help-answer")).ToContainTextAsync("500");
        await page.ClickAsync("#reject");
        await KeepAsync(page, "help");
    }

    /// <summary>Waits for the next page to be there and recorded.</summary>
    private static async Task ArriveAsync(IPage page, string url)
    {
        await page.WaitForURLAsync(url, new PageWaitForURLOptions { WaitUntil = WaitUntilState.Commit });
        await page.Locator("footer").WaitForAsync();
    }

    private async Task KeepAsync(IPage page, string name)
    {
        await page.WaitForFunctionAsync("() => Boolean(window.SessionReplay?.current()?.sessionId)");
        // What happened just before is recorded under its own time; the pause keeps neighbours out of the same millisecond.
        await page.WaitForTimeoutAsync(150);
        var json = await page.EvaluateAsync<JsonElement>(
            $"() => ({{ dom: ({DomText.Function})(document), styles: ({DomText.Styles})(document), time: Date.now(), url: location.href }})");
        await page.WaitForTimeoutAsync(50);
        _moments.Add(new Moment(
            name, json.GetProperty("time").GetInt64(), json.GetProperty("url").GetString()!, json.GetProperty("dom").GetString()!,
            json.GetProperty("styles").GetString()!));
    }
}
