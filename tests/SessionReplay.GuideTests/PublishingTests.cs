using System.Net;
using System.Text.RegularExpressions;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

public sealed class PublishingTests
{
    private const string Page = "publishing";

    [SkippableTheory]
    [InlineData("single-file", "single")]
    [InlineData("trimmed", "trimmed")]
    public async Task Guide_Followed_RecordsAndPlaysFromAnotherFolder(string way, string folder)
    {
        using var app = await GuideApp.FollowAsync((Page, "shop"));
        var publish = Guide.Named(Page).FileOf(way, GuideBlock.Run).TrimEnd('\n');
        var log = await app.RunAsync($"{publish} -v q -nologo -nodeReuse:false -p:TrimmerSingleWarn=false");
        Assert.Empty(log.Split('\n').Where(static line => Regex.IsMatch(line, @"warning IL\d{4}.*SessionReplay\b")).Distinct().Take(20));
        var published = Path.Combine(app.ProjectFolder, "publish", folder);
        Assert.Equal(
            ["Shop", "appsettings.json", "libe_sqlite3.so"],
            Directory.GetFiles(published).Select(Path.GetFileName)
                .Where(static name => !Regex.IsMatch(name!, @"\.pdb$|\.Development\.json$|staticwebassets|\.xml$|web\.config"))
                .Order(StringComparer.Ordinal));

        await using var running = await RunningApp.StartAsync(
            [Path.Combine(published, "Shop")], Path.GetTempPath(), FreePort.Next(), ("SessionReplay__DataDirectory", app.Beside("data")));
        await using (var visitor = await Visitor.ComeAsync(running.Url))
        {
            await visitor.OpenAsync("/");
            await visitor.LeaveAsync();
            Assert.Empty(visitor.Complaints);
        }

        await running.FindSessionAsync("event=left");
        // What a trimmed application must not lose: the JSON of problems.
        using var client = new HttpClient();
        using var refused = await client.GetAsync(new Uri($"{running.Url}/session-replay/v1/settings?key=nope"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("\"code\":\"write-key-unknown\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await viewer.PlayAsync("/session-replay", "Welcome");
        Assert.Empty(viewer.Complaints);
    }
}
