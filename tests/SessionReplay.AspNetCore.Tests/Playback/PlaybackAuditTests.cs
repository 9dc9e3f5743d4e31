using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Audit;

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
    public async Task Get_DamagedAndMissingAndDeleted_AreThereToo()
    {
        await using var host = await FullHost.StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window));
        await host.SweepAsync();
        var blob = Path.Combine(host.DataFolder, "blobs", Assert.Single(host.Blobs()));
        var bytes = await File.ReadAllBytesAsync(blob);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(blob, bytes);
        var chunk = $"api/tenants/shop/sessions/{_session}/chunks/{_window}/0";

        await host.StatusAsync(chunk);
        Assert.Equal("chunk-corrupt", (await LogAsync(host))[0].Outcome);
        File.Delete(blob);
        await host.StatusAsync(chunk);
        Assert.Equal("chunk-missing", (await LogAsync(host))[0].Outcome);
        await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1"));
        // What is changed is written down before it is; what was destroyed, and why, once it is.
        Assert.Equal([("session.destroy", true, "ok"), ("session.delete", true, "begun")], (await LogAsync(host)).Take(2).Select(Of));
        await host.StatusAsync(chunk);
        Assert.Equal(("session.chunk", true, "session-deleted"), Of((await LogAsync(host))[0]));
        await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1"));
        Assert.Equal(["session-deleted", "begun"], (await LogAsync(host)).Take(2).Select(entry => entry.Outcome));
        await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete);
        Assert.Equal(("session.delete", false, "cross-site"), Of((await LogAsync(host))[0]));
        Assert.Null(await host.Services.GetRequiredService<IAuditLog>().FindBreakAsync(default));

        static (string Action, bool Allowed, string Outcome) Of(AuditEntry entry) => (entry.Action, entry.Allowed, entry.Outcome);
    }

    private static async Task<IReadOnlyList<AuditEntry>> LogAsync(FullHost host) =>
        [.. (await host.Services.GetRequiredService<IAuditLog>().ListAsync(null, null, 100, default)).Select(row => row.Entry)];
}
