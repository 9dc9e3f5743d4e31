using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>What nothing else would ever end: keys without a session, tombstones, tenants that are not configured any more.</summary>
public sealed class KeySweepTests
{
    private static readonly TenantId Shop = new("shop");

    [Fact]
    public async Task Run_KeyOfASessionThatBecameDeadLetters_IsDestroyedPastTheRetention()
    {
        await using var host =
            await FullHost.StartAsync(configure: options => options.Roles = SessionReplayRoles.Ingest | SessionReplayRoles.Playback);
        var session = BatchSamples.NewSession();
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System))));
        await Assert.Single(await host.Services.GetRequiredService<IMessageQueue>().ReceiveAsync(10, default))
            .DeadLetterAsync("a test", default);
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync($"api/tenants/shop/sessions/{session}"));

        Assert.Equal(0, await Sweeps.RunAsync<KeySweep>(host.Services, days: 36));
        Assert.Equal(1, await Sweeps.RunAsync<KeySweep>(host.Services, days: 38));
        Assert.Equal(0, await Sweeps.RunAsync<KeySweep>(host.Services, days: 39));

        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{session}"));
        var rows = await host.Services.GetRequiredService<IAuditLog>().ListAsync(new(Shop, session), null, 10, default);
        var row = Assert.Single(rows, row => row.Entry.Actor == "session-replay");
        Assert.Equal(("session.destroy", "reason=orphan-key"), (row.Entry.Action, row.Entry.Detail));
    }

    [Fact]
    public async Task Run_KeyOfASessionOfTheCatalog_IsLeftToRetention()
    {
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        await host.RecordAsync(session, BatchSamples.Create(session, WindowId.Create(TimeProvider.System)));

        // Long overdue: the guard asks first. And with the guard's consent it is not an orphan.
        Assert.Equal(0, await Sweeps.RunAsync<KeySweep>(host.Services, days: 60));
        Assert.Equal(0, await Sweeps.RunAsync<KeySweep>(host.Services, days: 38));
        Assert.Equal(1, await host.ChunksAsync(session));
    }

    [Fact]
    public async Task Run_OldTombstones_AreRemovedAndTheIdIsTooOldToComeBack()
    {
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        await host.RecordAsync(session, BatchSamples.Create(session, WindowId.Create(TimeProvider.System)));
        Assert.Equal(HttpStatusCode.Accepted, await host.ForgetAsync(session));
        Assert.Equal(HttpStatusCode.Gone, await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System))));

        Assert.Equal(0, await Sweeps.RunAsync<TombstoneSweep>(host.Services, days: 129));
        Assert.Equal(2, await Sweeps.RunAsync<TombstoneSweep>(host.Services, days: 131));
        Assert.Null(await host.Services.GetRequiredService<IKeyStore>().FindAsync(DataKeyId.OfSession(new(Shop, session)), default));

        var now = TimeProvider.System.GetUtcNow();
        Assert.False(SessionIdTime.IsNear(session, now + SessionIdTime.TombstoneTime));
        foreach (var (days, status) in new[] { (-61, HttpStatusCode.BadRequest), (-59, HttpStatusCode.Accepted),
            (59, HttpStatusCode.Accepted), (61, HttpStatusCode.BadRequest) })
        {
            var id = SessionId.Create(new FakeTimeProvider(now.AddDays(days)));
            Assert.Equal(status, await host.SendAsync(BatchSamples.Create(id, WindowId.Create(TimeProvider.System))));
        }
    }

    [Fact]
    public async Task DeleteTenant_ThatIsNotConfigured_DestroysItsKeysAndDeletesTheRest()
    {
        await using var host = await FullHost.StartAsync();
        var (session, kept) = (BatchSamples.NewSession(), BatchSamples.NewSession());
        await host.RecordAsync(kept, BatchSamples.Create(kept, WindowId.Create(TimeProvider.System)));
        Assert.Equal(
            HttpStatusCode.Accepted,
            await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System)), FullHost.OtherKey));
        var other = new SessionRef(new("other"), session);
        var catalog = host.Services.GetRequiredService<ICatalogReader>();
        await FullHost.WaitAsync(async () => await catalog.FindSessionAsync(other, default) is not null, "the session");
        Assert.Equal(1, (await CommandAsync(host, "other", "--confirm")).ExitCode);
        Assert.Equal((HealthStatus.Healthy, ""), await CheckAsync(host));

        // As after a start without it.
        var options = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SessionReplayOptions>>().Value;
        options.Tenants.Remove(options.Tenants.Single(tenant => tenant.Id == "other"));
        var (status, description) = await CheckAsync(host);
        Assert.Equal(HealthStatus.Degraded, status);
        Assert.Contains("SessionReplay:Tenants: other.", description, StringComparison.Ordinal);

        var shown = await CommandAsync(host, "other");
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("'other' has 1 sessions.", shown.Output, StringComparison.Ordinal);
        Assert.NotNull(await catalog.FindSessionAsync(other, default));

        var done = await CommandAsync(host, "other", "--confirm");
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("Destroyed 2 keys.", done.Output, StringComparison.Ordinal);
        Assert.Null(await catalog.FindSessionAsync(other, default));
        Assert.DoesNotContain(host.Blobs(), blob => blob.StartsWith("other/", StringComparison.Ordinal));
        Assert.Equal((HealthStatus.Healthy, ""), await CheckAsync(host));
        var rows = await host.Services.GetRequiredService<IAuditLog>().ListAsync(null, null, 100, default);
        Assert.Equal(
            ["tenant.delete", "session.destroy"],
            rows.Where(row => row.Entry.Tenant == other.Tenant).OrderBy(row => row.Number).Select(row => row.Entry.Action));
        Assert.Equal(1, await host.ChunksAsync(kept));
        Assert.Equal(0, (await CommandAsync(host, "other", "--confirm")).ExitCode);
        Assert.Equal(1, (await CommandAsync(host, "not a tenant!")).ExitCode);
    }

    private static async Task<(HealthStatus Status, string Description)> CheckAsync(FullHost host)
    {
        var check = ActivatorUtilities.CreateInstance<TenantCheck>(host.Services);
        await check.RunAsync(default);
        var result = await check.CheckHealthAsync(new() { Registration = new(TenantCheck.Name, check, HealthStatus.Degraded, null) });
        return (result.Status, result.Description ?? "");
    }

    private static Task<(int ExitCode, string Output)> CommandAsync(FullHost host, params string[] arguments) =>
        host.CommandAsync(["delete-tenant", .. arguments]);
}
