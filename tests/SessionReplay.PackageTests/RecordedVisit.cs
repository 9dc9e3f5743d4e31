using System.Net;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.PackageTests;

/// <summary>A batch that an application takes, and whose session is then in its list.</summary>
internal static class RecordedVisit
{
    public static async Task ProveAsync(FreshApp app)
    {
        var session = Guid.CreateVersion7();
        using var answer =
            await app.Http.PostAsync($"/session-replay/v1/batches?key=my-app-web&sent={Now()}", Batch(session, app.Http.BaseAddress!));
        Assert.True(
            answer.StatusCode == HttpStatusCode.Accepted, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}\n{app.Output}");
        await WaitForSessionAsync(app, session);
    }

    private static async Task WaitForSessionAsync(FreshApp app, Guid session)
    {
        var list = string.Empty;
        for (var i = 0; i < 300; i++)
        {
            using var answer = await app.Http.GetAsync("/session-replay/api/sessions");
            list = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode && list.Contains(session.ToString("N"), StringComparison.Ordinal))
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
        batch.AddDom((time, $$$"""{"type":4,"data":{"href":"{{{url}}}","width":800,"height":600}}"""));
        batch.Events.Add(new Event { Time = (ulong)time + 1, Console = new ConsoleEvent { Level = "info", Args = { "hello" } } });
        var content = new ByteArrayContent(Upload.Batch(batch.ToByteArray()));
        content.Headers.ContentType = new("text/plain");
        return content;
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
