using System.Net;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>
/// Ids are the pages' own: somebody who knows a session's id can record one of the same id with another tenant's public key. They stay two.
/// </summary>
public sealed class SameIdOfTwoTenantsTests
{
    [Fact]
    public async Task AnyRequest_SameIdOfTwoTenants_EachGetsItsOwnAndDeletesItsOwn()
    {
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        byte[] attacker = [.. Enumerable.Repeat((byte)9, SessionSecret.Size)];
        var genuine = BatchSamples.Create(session, window, 0, domEvents: 3);
        var forged = BatchSamples.Create(session, window, 0, domEvents: 7);
        // The forgery first, and then last as well.
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(forged, FullHost.OtherKey, attacker));
        await host.RecordAsync(session, genuine);
        await FullHost.WaitAsync(
            async () => await host.StatusAsync($"api/tenants/other/sessions/{session}") == HttpStatusCode.OK, "the forgery");

        Assert.Equal(genuine, await host.ChunkAsync(session, window, 0));
        Assert.Equal(forged, await host.ChunkAsync(session, window, 0, "other"));
        foreach (var (tenant, events) in new[] { ("shop", 3), ("other", 7) })
        {
            var found = (await host.GetAsync($"api/sessions?tenant={tenant}")).GetProperty("sessions").EnumerateArray().Single();
            Assert.Equal(
                (tenant, session.ToString(), events),
                (found.GetProperty("tenant").GetString(), found.GetProperty("id").GetString(), found.GetProperty("events").GetInt32()));
            Assert.Equal(
                tenant, (await host.GetAsync($"api/tenants/{tenant}/sessions/{session}/manifest")).GetProperty("session")
                    .GetProperty("tenant").GetString());
        }

        Assert.Equal(
            HttpStatusCode.NoContent,
            await host.StatusAsync($"api/tenants/other/sessions/{session}", HttpMethod.Delete, ("X-Session-Replay", "1")));

        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/other/sessions/{session}/manifest"));
        Assert.Equal(genuine, await host.ChunkAsync(session, window, 0));
        var rows = (await host.GetAsync($"api/audit?tenant=shop&session={session}")).GetProperty("rows").EnumerateArray()
            .Select(row => row.GetProperty("action").GetString());
        Assert.DoesNotContain("session.delete", rows);
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync($"api/audit?session={session}"));
        // Both go, each by itself.
        Assert.Equal(HttpStatusCode.Accepted, await host.ForgetAsync(session));
        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{session}/manifest"));
    }
}
