using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>A session is to be deleted while the store is away.</summary>
public sealed class SessionDeletionTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private readonly OutageBlobStore _blobs = new() { IsOut = false };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_StoreAway_IsTakenAndASweepFinishesIt(bool byVisitor)
    {
        await using var host = await FullHost.StartAsync(build: (builder, _) => builder.Services.AddSingleton<IBlobStore>(_blobs));
        var kept = BatchSamples.NewSession();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, 0), BatchSamples.Create(_session, _window, 1));
        await host.RecordAsync(kept, BatchSamples.Create(kept, _window, 0));
        _blobs.IsOut = false;
        await host.SweepAsync();
        _blobs.IsOut = true;

        Assert.Equal(HttpStatusCode.Accepted, byVisitor
            ? await host.ForgetAsync(_session)
            : await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1")));

        // Gone for everybody at once, though its bytes are not.
        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{_session}/manifest"));
        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{_session}/batches?stretch={_window}.0-0"));
        Assert.Equal(
            kept.ToString(),
            Assert.Single((await host.GetAsync("api/sessions")).GetProperty("sessions").EnumerateArray()).GetProperty("id").GetString());
        Assert.Contains(_blobs.Keys, key => key.Contains(_session.ToString(), StringComparison.Ordinal));

        _blobs.IsOut = false;
        await host.SweepAsync();

        Assert.DoesNotContain(_blobs.Keys, key => key.Contains(_session.ToString(), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{_session}/manifest"));
        Assert.Equal(BatchSamples.Create(kept, _window, 0), await host.ChunkAsync(kept, _window, 0));
    }
}
