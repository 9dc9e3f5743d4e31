using System.Net;
using System.Text.RegularExpressions;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

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
            Assert.True((await app.Http.GetStringAsync(new Uri(new Uri(app.Http.BaseAddress!, "/session-replay"), script))).Length > 500, script);
        }

        // A batch is taken, and its session is in the list.
        var session = Guid.CreateVersion7();
        using var answer = await app.Http.PostAsync($"/session-replay/v1/batches?key=my-app-web&sent={Now()}", Batch(session, app.Http.BaseAddress!));
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}\n{app.Output}");
        await WaitForSessionAsync(app, session);

        // What was recorded, and above all its keys, stays where it is: the Web SDK publishes every other .json file of the project.
        Assert.True(File.Exists(Path.Combine(app.ProjectFolder, "session-replay-data", "keys", "key-ring.json")));
        var content = await app.ContentAsync();
        Assert.Contains("appsettings.json", content, StringComparison.Ordinal);
        Assert.DoesNotContain("session-replay-data", content, StringComparison.Ordinal);
    }

    private static async Task WaitForSessionAsync(FreshApp app, Guid session)
    {
        var list = string.Empty;
        for (var i = 0; i < 300; i++)
        {
            list = await app.Http.GetStringAsync("/session-replay/api/sessions");
            if (list.Contains(session.ToString("N"), StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"The session {session:N} is not in the list:\n{list}\n{app.Output}");
    }

    private static ByteArrayContent Batch(Guid session, Uri url)
    {
        var time = Now();
        var batch = new EventBatch
        {
            Version = 1,
            SessionId = ByteString.CopyFrom(session.ToByteArray(bigEndian: true)),
            WindowId = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true)),
            RecorderVersion = "0.1.0",
            Page = new PageContext { Url = url.ToString(), Title = "Recorded", ViewportWidth = 800, ViewportHeight = 600 },
        };
        batch.Events.Add(new Event { Time = (ulong)time, Dom = ByteString.CopyFromUtf8($$$"""{"type":4,"data":{"href":"{{{url}}}","width":800,"height":600},"timestamp":{{{time}}}}""") });
        batch.Events.Add(new Event { Time = (ulong)time + 1, Console = new ConsoleEvent { Level = "info", Args = { "hello" } } });
        var content = new ByteArrayContent(Upload.Frame(batch.ToByteArray()));
        content.Headers.ContentType = new("text/plain");
        return content;
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [GeneratedRegex("<script[^>]* src=\"(?<src>[^\"]+)\"")]
    private static partial Regex Source();
}
