using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>A recorder hears that somebody watches, wherever the viewer's requests arrive.</summary>
public sealed class WatchedElsewhereTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private uint _seq;

    [Fact]
    public async Task Post_WhileAPlayerAsksTheSameProcess_SaysSoAtOnce()
    {
        await using var host = await StartAsync(SessionReplayRoles.All);
        Assert.False(await SendAsync(host));

        // Counting the chunks asks for the manifest, as a player does.
        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session) == 1, "the chunk");
        Assert.True(await SendAsync(host));
    }

    [Fact]
    public async Task Post_WhileAPlayerAsksAnotherProcess_SaysSoWithinSeconds()
    {
        await using var ingest = await StartAsync(SessionReplayRoles.Ingest);
        await using var worker = await StartAsync(SessionReplayRoles.Worker);
        await using var playback = await StartAsync(SessionReplayRoles.Playback);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(await SendAsync(ingest));
            await Task.Delay(TimeSpan.FromSeconds(0.5));
        }

        await FullHost.WaitAsync(async () => await playback.ChunksAsync(_session) > 0, "the chunks");
        await FullHost.WaitAsync(async () => await SendAsync(ingest), "the recorder hears that somebody watches");
    }

    public void Dispose() => _folder.Dispose();

    private Task<FullHost> StartAsync(SessionReplayRoles roles) => FullHost.StartAsync(configure: options =>
    {
        (options.Roles, options.DataDirectory) = (roles, _folder.FullPath);
        options.Sessions.IdleTimeout = TimeSpan.FromHours(1);
    });

    private async Task<bool> SendAsync(FullHost host)
    {
        using var content = IngestHost.Body(Upload.Batch(BatchSamples.Create(_session, _window, _seq++).ToByteArray()));
        using var answer = await host.Client.PostAsync($"v1/batches?key={FullHost.Key}&sent={BatchSamples.Time}", content);
        var receipt = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return receipt.TryGetProperty("live", out var live) && live.GetBoolean();
    }
}
