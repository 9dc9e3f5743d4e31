namespace SessionReplay.PackageTests;

/// <summary>An application that is published trimmed, or as a single file, records and serves its sessions.</summary>
[Collection(FeedCollection.Name)]
public sealed class PublishedAppTests(Feed feed)
{
    [Theory]
    [InlineData("-p:PublishSingleFile=true", "--self-contained", "false")]
    [InlineData("-p:PublishTrimmed=true", "--self-contained", "true")]
    public async Task Publish_Application_RecordsAndServesTheList(params string[] properties)
    {
        await using var app = await FreshApp.PublishAsync(feed, properties);

        await RecordedVisit.ProveAsync(app);
        Assert.Contains("session-replay-list", await app.Http.GetStringAsync("/session-replay"), StringComparison.Ordinal);
        Assert.True((await app.Http.GetStringAsync("/session-replay/recorder.js")).Length > 10_000);
    }
}
