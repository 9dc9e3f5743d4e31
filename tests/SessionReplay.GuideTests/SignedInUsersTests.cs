using System.Net;
using static Microsoft.Playwright.Assertions;

namespace SessionReplay.GuideTests;

public sealed class SignedInUsersTests
{
    [SkippableFact]
    public async Task Guide_FollowedInRazorPages_NamesTheVisitorAndAdmitsViewersOnly()
    {
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("signed-in-users", "shop"));
        await app.BuildAsync();
        await using var running = await RunningApp.StartAsync(app, ("ASPNETCORE_ENVIRONMENT", "Production"));
        await using (var customer = await Visitor.ComeAsync(running.Url))
        {
            await SignInAsync(customer, "Ann", "customer", "/SignIn");
            await customer.OpenAsync("/Privacy");
            await customer.Page.GotoAsync("/session-replay");
            await Expect(customer.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/SignIn"));
            await customer.OpenAsync("/");
            await customer.LeaveAsync();
        }

        using (var stranger = await running.Http.GetAsync("/session-replay/api/sessions"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        }

        await using var viewer = await Visitor.ComeAsync(running.Url);
        await SignInAsync(viewer, "Sam", "support", "/session-replay");
        await Expect(viewer.Page.Locator("session-replay-list")).ToContainTextAsync("Ann");
        await viewer.PlayAsync("/session-replay?user=ann@example.org", "Privacy");
    }

    /// <summary>Opens an address, which leads to the login, and signs in.</summary>
    internal static async Task SignInAsync(Visitor somebody, string name, string role, string path)
    {
        await somebody.Page.GotoAsync(path);
        await somebody.Page.GetByLabel("Name").FillAsync(name);
        await somebody.Page.GetByLabel("Role").SelectOptionAsync(role);
        await somebody.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(somebody.Page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("SignIn"));
    }
}
