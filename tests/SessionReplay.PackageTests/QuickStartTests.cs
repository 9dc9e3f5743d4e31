using System.Text.RegularExpressions;

namespace SessionReplay.PackageTests;

[Collection(FeedCollection.Name)]
public sealed partial class QuickStartTests(Feed feed)
{
    [Fact]
    public async Task FreshApp_MadeFromTheReadme_RecordsAndServesTheConsole()
    {
        await using var app = await FreshApp.StartAsync(feed);

        // The page holds the recorder, and the script it names is there.
        var page = await app.Http.GetStringAsync("/");
        var recorder = Source().Match(page).Groups["src"].Value;
        Assert.Contains("recorder.js", recorder, StringComparison.Ordinal);
        Assert.Contains("my-app-web", page, StringComparison.Ordinal);
        Assert.True((await app.Http.GetStringAsync(recorder)).Length > 10_000);
        Assert.True((await app.Http.GetStringAsync(Source().Match(QuickStart.Script).Groups["src"].Value)).Length > 10_000);

        // The console, and every script it names.
        var console = await app.Http.GetStringAsync("/session-replay");
        var scripts = Source().Matches(console).Select(match => match.Groups["src"].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            Assert.True(
                (await app.Http.GetStringAsync(new Uri(new Uri(app.Http.BaseAddress!, "/session-replay"), script))).Length > 500, script);
        }

        // A batch is taken, and its session is in the list.
        await RecordedVisit.ProveAsync(app);

        // What was recorded, and above all its keys, stays where it is: the Web SDK publishes every other .json file of the project.
        Assert.True(File.Exists(Path.Combine(app.ProjectFolder, "session-replay-data", "keys", "key-ring.json")));
        var content = await app.ContentAsync();
        Assert.Contains("appsettings.json", content, StringComparison.Ordinal);
        Assert.DoesNotContain("session-replay-data", content, StringComparison.Ordinal);
    }

    [GeneratedRegex("<script[^>]* src=\"(?<src>[^\"]+)\"")]
    private static partial Regex Source();
}
