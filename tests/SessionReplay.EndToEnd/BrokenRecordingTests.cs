namespace SessionReplay.EndToEnd;

/// <summary>What is missing or damaged is a gap that is shown; the replay goes on after it.</summary>
[Collection(RecordedShopCollection.Name)]
public sealed class BrokenRecordingTests(RecordedShop shop)
{
    private const string OneGap =
        "(player) => player.renderRoot.querySelector('session-replay-timeline').renderRoot.querySelectorAll('.gap').length === 1";

    [Fact]
    public async Task Play_BatchMissing_GoesOnAtTheNextSnapshot()
    {
        var recording = new MadeUpRecording(shop.Host);
        await recording.SendAsync(0, snapshot: true);
        await recording.SendAsync(1, snapshot: false);
        await recording.SendAsync(3, snapshot: false);
        await recording.SendAsync(4, snapshot: true);
        await recording.SendAsync(5, snapshot: false);

        await PlayToTheEndAsync(recording, lastText: "moment 5", forbidden: "moment 3");
    }

    [Fact]
    public async Task Play_ChunkDamaged_GoesOnAtTheNextSnapshot()
    {
        var recording = new MadeUpRecording(shop.Host);
        await recording.SendAsync(0, snapshot: true);
        await recording.SendAsync(1, snapshot: false);
        await recording.DamageLastChunkAsync();
        await recording.SendAsync(2, snapshot: false);
        await recording.SendAsync(3, snapshot: true);
        await recording.SendAsync(4, snapshot: false);

        await PlayToTheEndAsync(recording, lastText: "moment 4", forbidden: "moment 2");
    }

    private async Task PlayToTheEndAsync(MadeUpRecording recording, string lastText, string forbidden)
    {
        await using var viewer = await shop.Chromium.NewVisitorAsync(shop.Host.Url);
        var player = await PlayerPage.OpenAsync(await viewer.NewPageAsync(), recording.Session);
        await player.EvaluateAsync(
            """
            (player) => {
              window.seen = [];
              player.addEventListener('sr-time', () => window.seen.push(player.replayDocument?.body?.innerText.trim()));
              player.play();
            }
            """);

        await player.WaitAsync($"(player) => player.replayDocument?.body?.innerText.trim() === '{lastText}'");

        await player.WaitAsync(OneGap);
        Assert.DoesNotContain(forbidden, (await player.EvaluateAsync("() => window.seen.join()")).GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await player.Page.Locator("session-replay-player [role=alert]").CountAsync());
    }
}
