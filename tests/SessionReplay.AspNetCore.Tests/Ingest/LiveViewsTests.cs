using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class LiveViewsTests
{
    private readonly SessionRef _session = new(new("shop"), BatchSamples.NewSession());

    [Fact]
    public void IsWatched_ViewerHasGone_EndsAfterAWhile()
    {
        var clock = new FakeTimeProvider();
        var views = new LiveViews(clock);
        Assert.False(views.IsWatched(_session));
        views.Note(_session);
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.True(views.IsWatched(_session));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(views.IsWatched(_session));
    }

    [Fact]
    public async Task Post_WhileAPlayerAsks_SaysSo()
    {
        await using var host = await FullHost.StartAsync(configure: options => options.Sessions.IdleTimeout = TimeSpan.FromHours(1));
        var window = WindowId.Create(TimeProvider.System);
        Assert.False(await SendAsync(host, window, 0));
        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session.Session) == 1, "the chunk");

        // Counting the chunks has asked for the manifest, as a player does.
        Assert.True(await SendAsync(host, window, 1));
    }

    private async Task<bool> SendAsync(FullHost host, WindowId window, uint seq)
    {
        using var content = IngestHost.Body(Upload.Batch(BatchSamples.Create(_session.Session, window, seq).ToByteArray()));
        using var answer = await host.Client.PostAsync($"v1/batches?key={FullHost.Key}&sent={BatchSamples.Time}", content);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("live", out _);
    }
}
