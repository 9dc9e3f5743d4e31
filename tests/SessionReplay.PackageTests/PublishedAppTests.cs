namespace SessionReplay.PackageTests;

/// <summary>
/// An application that is compiled ahead of time records and serves its sessions. GuideTests publish it trimmed and as a single file.
/// </summary>
[Collection(FeedCollection.Name)]
public sealed class PublishedAppTests(Feed feed)
{
    /// <summary>What analyzers and the trimmed application find without it is found in every run.</summary>
    [Fact]
    [Trait("Takes", "Long")]
    public async Task Publish_ApplicationAheadOfTime_RecordsAndAnswers()
    {
        await using var app = await FreshApp.PublishAsync(feed, "-p:PublishAot=true");

        await RecordedVisit.ProveAsync(app);
        Assert.True((await app.Http.GetStringAsync("/session-replay/recorder.js")).Length > 10_000);
        using var refused = await app.Http.GetAsync("/session-replay/v1/settings?key=nope");
        Assert.Contains("write-key-unknown", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
