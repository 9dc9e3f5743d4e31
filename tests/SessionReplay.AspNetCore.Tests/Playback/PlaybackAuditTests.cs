using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Audit;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>Every attempt is in the log of the tenant whose session it aims at, with what became of it.</summary>
public sealed class PlaybackAuditTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Theory]
    [InlineData("api/tenants/shop/sessions/{0}", "session.view", "ok", "shop")]
    [InlineData("api/tenants/shop/sessions/{0}/manifest?tenant=other", "session.view", "ok", "shop")]
    [InlineData("api/tenants/shop/sessions/{0}/batches?stretch={1}.0-9&tenant=other", "session.batches", "ok", "shop")]
    [InlineData("api/tenants/other/sessions/{0}/batches?stretch={1}.0-9&tenant=shop", "session.batches", "not-found", "other")]
    [InlineData("api/tenants/shop/sessions/{0}/batches?stretch={1}.3-1", "session.batches", "query-invalid", "shop")]
    [InlineData("api/tenants/shop/sessions/{0}/assets?hash=00&tenant=other", "session.assets", "query-invalid", "shop")]
    [InlineData("api/tenants/other/sessions/{0}/manifest?tenant=shop", "session.view", "not-found", "other")]
    [InlineData("api/tenants/nobody/sessions/{0}/manifest?tenant=shop", "session.view", "not-found", null)]
    [InlineData("api/sessions?tenant=other", "session.search", "ok", "other")]
    [InlineData("api/sessions?tenant=nobody", "session.search", "not-found", null)]
    [InlineData("api/sessions?tenant=shop&limit=x", "session.search", "query-invalid", "shop")]
    public async Task Get_Anything_IsInTheLogOfItsTenantWithItsOutcome(string path, string action, string outcome, string? tenant)
    {
        await using var host = await FullHost.StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window));

        await host.StatusAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _session, _window));

        var entry = (await LogAsync(host))[0];
        Assert.Equal((action, true, outcome, tenant), (entry.Action, entry.Allowed, entry.Outcome, entry.Tenant?.Value));
        Assert.Equal(path.Contains("{0}", StringComparison.Ordinal) ? _session : null, entry.Session);
    }

    [Fact]
    public async Task Get_Deleted_IsThereToo()
    {
        await using var host = await FullHost.StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window));
        var batches = FullHost.BatchesPath(_session, new ChunkStretch(_window, 0, 0));
        var view = (await host.GetAsync($"api/tenants/shop/sessions/{_session}/manifest")).GetProperty("view").GetString();

        await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1"));
        // What is changed is written down before it is; what was destroyed, and why, once it is.
        Assert.Equal([("session.destroy", true, "ok"), ("session.delete", true, "begun")], (await LogAsync(host)).Take(2).Select(Of));
        // Also with a ticket: it died with the session.
        await host.StatusAsync($"{batches}&view={view}");
        Assert.Equal(("session.batches", true, "session-deleted"), Of((await LogAsync(host))[0]));
        await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1"));
        Assert.Equal(["session-deleted", "begun"], (await LogAsync(host)).Take(2).Select(entry => entry.Outcome));
        await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete);
        Assert.Equal(("session.delete", false, "cross-site"), Of((await LogAsync(host))[0]));
        Assert.Null(await host.Services.GetRequiredService<IAuditLog>().FindBreakAsync(default));

        static (string Action, bool Allowed, string Outcome) Of(AuditEntry entry) => (entry.Action, entry.Allowed, entry.Outcome);
    }

    [Fact]
    public async Task Get_RequestsOfAView_HaveOneRow()
    {
        await using var host = await StartAsync();
        var second = WindowId.Create(TimeProvider.System);
        await host.RecordAsync(
            _session, BatchSamples.Create(_session, _window, 0), BatchSamples.Create(_session, _window, 1),
            BatchSamples.Create(_session, second, 4));
        var before = (await LogAsync(host)).Count;
        var session = $"api/tenants/shop/sessions/{_session}";

        var view = await ViewAsync(host, session);
        string[] paths =
        [
            "/manifest?", "/manifest?", "?", $"/batches?stretch={_window}.0-1&", $"/batches?stretch={_window}.7-8&",
            $"/batches?stretch={_window}.0-0&stretch={second}.0-9&", $"/assets?hash={new string('0', 64)}&", "/manifest?cursor=&", "?",
        ];
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.OK, await host.StatusAsync($"{session}{path}view={view}"));
        }

        Assert.Equal(view, (await host.GetAsync($"{session}/manifest?view={view}")).GetProperty("view").GetString());
        var row = Assert.Single((await LogAsync(host)).SkipLast(before));
        Assert.Equal(("ann", "session.view", true, "ok"), (row.Actor, row.Action, row.Allowed, row.Outcome));
        var windows = new[] { $"{_window}:0-1", $"{second}:4-4" };
        Assert.Contains(
            row.Detail, new[] { windows, windows.Reverse() }.Select(
                parts => $"windows=2 batches=3 {string.Join(' ', parts)} and what arrives while it is watched"));
    }

    [Fact]
    public async Task Get_WithoutAValidTicket_HasARowOfItsOwn()
    {
        await using var host = await StartAsync();
        var other = BatchSamples.NewSession();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window));
        await host.RecordAsync(other, BatchSamples.Create(other, _window));
        var session = $"api/tenants/shop/sessions/{_session}";
        var batches = $"{session}/batches?stretch={_window}.0-5&stretch={other}.7-7";
        var detail = $"stretches=2 {_window}:0-5 {other}:7-7";
        var (view, others) = (await ViewAsync(host, session), await ViewAsync(host, $"api/tenants/shop/sessions/{other}"));

        await AssertRowAsync(batches, ("ann", true, "ok", detail));
        await AssertRowAsync($"{batches}&view=", ("ann", true, "ok", detail));
        await AssertRowAsync($"{batches}&view={others}", ("ann", true, "ok", detail));
        await AssertRowAsync($"{batches}&view={view[..^2]}AA", ("ann", true, "ok", detail));
        await AssertRowAsync($"{batches}&view={view}", ("bob", true, "ok", detail), ("X-User", "bob"));
        await AssertRowAsync($"{batches}&view={view}", ("ann", true, "ok", detail), ("X-Address", "192.0.2.7"));
        // A ticket covers what is allowed and succeeds, and nothing else.
        await AssertRowAsync($"{batches}&view={view}", ("eve", false, "forbidden", detail), ("X-User", "eve"));
        await AssertRowAsync($"{batches}&view={view}", ("anonymous", false, "not-signed-in", detail), ("X-User", ""));
        await AssertRowAsync($"{session}/batches?stretch=x&view={view}", ("ann", true, "query-invalid", "stretch view"));
        await AssertRowAsync($"{session}?view={others}", ("ann", true, "ok", "view"));
        await AssertRowAsync($"{session}/assets?hash={new string('0', 64)}&view={others}", ("ann", true, "ok", "hash view"));

        async Task AssertRowAsync(
            string path, (string Actor, bool Allowed, string Outcome, string Detail) expected, params (string, string)[] headers)
        {
            var before = (await LogAsync(host)).Count;
            await host.StatusAsync(path, null, headers);
            var row = Assert.Single((await LogAsync(host)).SkipLast(before));
            Assert.Equal(expected, (row.Actor, row.Allowed, row.Outcome, row.Detail!));
        }
    }

    [Fact]
    public async Task Get_ManifestOfManyWindows_HasABoundedDetail()
    {
        await using var host = await StartAsync();
        await host.RecordAsync(
            _session, [.. Enumerable.Range(0, 40).Select(_ => BatchSamples.Create(_session, WindowId.Create(TimeProvider.System)))]);
        await host.SweepAsync();

        await ViewAsync(host, $"api/tenants/shop/sessions/{_session}");
        var detail = (await LogAsync(host))[0].Detail!;
        Assert.InRange(detail.Length, 900, 1024);
        Assert.StartsWith("windows=40 batches=40 ", detail, StringComparison.Ordinal);
        var listed = detail.Split(' ').Count(part => part.EndsWith(":0-0", StringComparison.Ordinal));
        Assert.EndsWith($":0-0 and {40 - listed} windows more", detail, StringComparison.Ordinal);

        // The rest of a window that goes on in the next page is covered, too.
        await using var paged = await StartAsync(o => o.Playback.ManifestChunks = 10);
        await paged.RecordAsync(_session, [.. Enumerable.Range(0, 12).Select(seq => BatchSamples.Create(_session, _window, (uint)seq))]);
        await ViewAsync(paged, $"api/tenants/shop/sessions/{_session}");
        Assert.Equal(
            $"windows=1 batches=12 {_window}:0- and what arrives while it is watched", (await LogAsync(paged))[0].Detail);
    }

    /// <summary>Starts a host where ann and bob may view, and makes the requests of ann.</summary>
    private static async Task<FullHost> StartAsync(Action<SessionReplayOptions>? configure = null)
    {
        var host = await FullHost.StartAsync(
            "Production",
            o =>
            {
                o.Playback.ViewPolicy = "viewer";
                configure?.Invoke(o);
            },
            (builder, _) => builder.Services.AddAuthorizationBuilder()
                .AddPolicy("viewer", policy => policy.RequireAssertion(c => c.User.Identity?.Name is "ann" or "bob")),
            app => app.Use((context, next) =>
            {
                context.User = context.Request.Headers["X-User"].ToString() is { Length: > 0 } user
                    ? new(new ClaimsIdentity([new(ClaimTypes.Name, user)], "test"))
                    : new();
                context.Connection.RemoteIpAddress = context.Request.Headers.TryGetValue("X-Address", out var address)
                    ? IPAddress.Parse(address!)
                    : context.Connection.RemoteIpAddress;
                return next();
            }));
        host.Client.DefaultRequestHeaders.Add("X-User", "ann");
        return host;
    }
    private static async Task<string> ViewAsync(FullHost host, string session) =>
        (await host.GetAsync($"{session}/manifest")).GetProperty("view").GetString()!;

    private static async Task<IReadOnlyList<AuditEntry>> LogAsync(FullHost host) =>
        [.. (await host.Services.GetRequiredService<IAuditLog>().ListAsync(null, null, 100, default)).Select(row => row.Entry)];
}
