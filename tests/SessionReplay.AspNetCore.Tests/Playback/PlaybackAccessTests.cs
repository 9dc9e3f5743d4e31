using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore.Tests.Playback;

public sealed class PlaybackAccessTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task AnyRead_NoPolicyOutsideDevelopment_IsForbidden(string environment)
    {
        await using var host = await FullHost.StartAsync(environment);

        foreach (var path in new[] { "api/sessions", $"api/tenants/shop/sessions/{BatchSamples.NewSession()}", "api/audit",
            "api/dead-letters" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync(path));
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    public async Task AnyRead_ThroughAProxyInDevelopment_IsForbidden(string header, string value)
    {
        await using var host = await FullHost.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("api/sessions"));
        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync("api/sessions", null, (header, value)));
    }

    [Fact]
    public async Task AnyRead_Policies_DecideEachForItself()
    {
        await using var host = await StartAsync(o => (o.ViewPolicy, o.DeletePolicy) = ("viewer", "deleter"));
        var session = BatchSamples.NewSession();
        await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System)));
        await FullHost.WaitAsync(
            async () => await host.StatusAsync($"api/tenants/shop/sessions/{session}", null, ("X-User", "viewer")) == HttpStatusCode.OK,
            "the session");

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("api/sessions"));
        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync("api/sessions", null, ("X-User", "stranger")));
        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync("api/audit", null, ("X-User", "viewer")));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await host.StatusAsync(
                $"api/tenants/shop/sessions/{session}", HttpMethod.Delete, ("X-User", "viewer"), ("X-Session-Replay", "1")));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            await host.StatusAsync(
                $"api/tenants/shop/sessions/{session}", HttpMethod.Delete, ("X-User", "deleter"), ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(
            HttpStatusCode.NoContent,
            await host.StatusAsync(
                $"api/tenants/shop/sessions/{session}", HttpMethod.Delete, ("X-User", "deleter"), ("Sec-Fetch-Site", "same-origin")));
    }

    [Fact]
    public async Task AnyRead_AnotherTenantsSession_IsNotFound()
    {
        await using var host = await StartAsync(o => (o.ViewPolicy, o.TenantClaim) = ("viewer", "tenant"));
        var session = BatchSamples.NewSession();
        Assert.Equal(
            HttpStatusCode.Accepted,
            await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System)), FullHost.OtherKey));
        await FullHost.WaitAsync(
            async () =>
                await host.StatusAsync(
                    $"api/tenants/other/sessions/{session}", null, ("X-User", "viewer"), ("X-Tenant", "other")) == HttpStatusCode.OK,
                    "the session");

        Assert.Equal(
            HttpStatusCode.NotFound,
            await host.StatusAsync($"api/tenants/shop/sessions/{session}", null, ("X-User", "viewer"), ("X-Tenant", "shop")));
        Assert.Equal(
            HttpStatusCode.NotFound,
            await host.StatusAsync($"api/tenants/other/sessions/{session}", null, ("X-User", "viewer"), ("X-Tenant", "shop")));
        Assert.Equal(
            HttpStatusCode.NotFound, await host.StatusAsync("api/sessions?tenant=other", null, ("X-User", "viewer"), ("X-Tenant", "shop")));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync("api/sessions", null, ("X-User", "viewer")));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync("api/sessions", null, ("X-User", "viewer"), ("X-Tenant", "unknown")));
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("shop.localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:5000", HttpStatusCode.OK)]
    [InlineData("[::1]:5000", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.example", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.1", HttpStatusCode.Forbidden)]
    public async Task Development_NameOfTheHost_MustBeALocalOne(string name, HttpStatusCode expected)
    {
        await using var host = await FullHost.StartAsync();
        Assert.Equal(expected, await host.StatusAsync("api/sessions", null, ("Host", name)));
    }

    [Fact]
    public async Task Operate_UserOfSomeTenants_IsRefusedWhatConcernsAll()
    {
        await using var host = await StartAsync(o => (o.OperatePolicy, o.TenantClaim) = ("viewer", "tenant"));
        foreach (var (path, method) in new[] { ("api/dead-letters", HttpMethod.Get), ("api/dead-letters/redrive", HttpMethod.Post),
            ("api/dead-letters/discard", HttpMethod.Post) })
        {
            Assert.Equal(
                HttpStatusCode.Forbidden,
                await host.StatusAsync(path, method, ("X-User", "viewer"), ("X-Tenant", "shop"), ("X-Session-Replay", "1")));
            Assert.Equal(
                HttpStatusCode.OK,
                await host.StatusAsync(path, method, ("X-User", "viewer"), ("X-Tenant", "shop,other"), ("X-Session-Replay", "1")));
        }
    }

    [Fact]
    public async Task Denied_ManyWithoutALogin_FillNoAuditLog()
    {
        await using var host = await StartAsync(o => (o.ViewPolicy, o.AuditPolicy) = ("viewer", "viewer"));
        var answers = new List<HttpStatusCode>();
        while (answers.Count < 10_000 && !answers.Contains(HttpStatusCode.TooManyRequests))
        {
            answers.Add(await host.StatusAsync("api/sessions"));
        }

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], answers.Distinct());
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("api/sessions", null, ("X-User", "viewer")));
        var rows = (await host.GetAsync("api/audit", ("X-User", "viewer"))).GetProperty("rows").EnumerateArray();
        Assert.Equal(answers.Count - 1, rows.Count(row => !row.GetProperty("allowed").GetBoolean()));
    }

    [Fact]
    public async Task Audit_UserOfOneTenant_GetsTheRowsOfThisTenantAlone()
    {
        await using var host = await StartAsync(o => (o.ViewPolicy, o.AuditPolicy, o.TenantClaim) = ("viewer", "viewer", "tenant"));
        await host.StatusAsync("api/sessions", null, ("X-User", "viewer"), ("X-Tenant", "shop"));
        await host.StatusAsync("api/sessions", null, ("X-User", "viewer"), ("X-Tenant", "other"));
        await host.StatusAsync("api/sessions");

        // A row is written when its outcome is known: what is read does not hold its own.
        Assert.Equal(["shop"], await TenantsAsync("shop"));
        Assert.Equal(["other"], await TenantsAsync("other"));
        Assert.Equal([null, "other", "other", "shop", "shop"], await TenantsAsync("shop", "other"));
        Assert.Empty(await TenantsAsync("unknown"));

        async Task<List<string?>> TenantsAsync(params string[] tenants)
        {
            var body = await host.GetAsync("api/audit", [("X-User", "viewer"), .. tenants.Select(tenant => ("X-Tenant", tenant))]);
            return [.. body.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("tenant").GetString())
                .Order(StringComparer.Ordinal)];
        }
    }

    private static Task<FullHost> StartAsync(Action<PlaybackOptions> configure) =>
        FullHost.StartAsync("Production", o => configure(o.Playback), WithUsers, Users);

    private static void WithUsers(WebApplicationBuilder builder, ISessionReplayBuilder replay) => builder.Services.AddAuthorizationBuilder()
        .AddPolicy("viewer", policy => policy.RequireAssertion(c => c.User.Identity?.Name is "viewer" or "deleter"))
        .AddPolicy("deleter", policy => policy.RequireAssertion(c => c.User.Identity?.Name == "deleter"));

    /// <summary>Signs in whom the request names, in place of the application's own login.</summary>
    private static void Users(WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Headers["X-User"].FirstOrDefault() is { } user)
        {
            var claims = new List<Claim> { new(ClaimTypes.Name, user) };
            claims.AddRange(context.Request.Headers.GetCommaSeparatedValues("X-Tenant").Select(t => new Claim("tenant", t)));
            context.User = new ClaimsPrincipal(new ClaimsIdentity(claims, "test"));
        }

        return next();
    });
}
