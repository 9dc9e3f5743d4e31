namespace SessionReplay.PackageTests;

/// <summary>An application that is published trimmed, as a single file, or compiled ahead of time records and serves its sessions.</summary>
[Collection(FeedCollection.Name)]
public sealed class PublishedAppTests(Feed feed)
{
    [Theory]
    [InlineData("-p:PublishSingleFile=true", "--self-contained", "false")]
    [InlineData("-p:PublishTrimmed=true", "--self-contained", "true")]
    public async Task Publish_Application_RecordsAndServesTheList(params string[] properties)
    {
        await using var app = await FreshApp.PublishAsync(feed, withConsole: true, properties);

        await RecordedVisit.ProveAsync(app);
        Assert.Contains("session-replay-list", await app.Http.GetStringAsync("/session-replay"), StringComparison.Ordinal);
        Assert.True((await app.Http.GetStringAsync("/session-replay/recorder.js")).Length > 10_000);
    }

    [Fact]
    public async Task Publish_ApplicationAheadOfTime_RecordsAndAnswers()
    {
        await using var app = await FreshApp.PublishAsync(feed, withConsole: false, "-p:PublishAot=true");

        await RecordedVisit.ProveAsync(app);
        Assert.True((await app.Http.GetStringAsync("/session-replay/recorder.js")).Length > 10_000);
    }
}
