using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.GuideTests;

/// <summary>Recordings that browsers get from a cache in front of real stores, or from a store itself.</summary>
public sealed class DirectDeliveryTests : IDisposable
{
    private const string Page = "direct-delivery";
    private const string Origin = "https://shop.example.com";
    private const string StoreAddress = "https://acme-replay.s3.eu-central-1.amazonaws.com";
    private const string Bucket = "acme-replay";
    private const string LastText = "the last thing of the visit";

    private readonly TempFolder _folder = new();
    private int _proxies;

    [SkippableFact]
    public async Task Guide_Followed_SecondViewerIsServedByTheCacheInFrontOfCephAndOfAzurite()
    {
        Nginx.Require();
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("backup-and-restore", "shop"), (Page, "shop"));
        await app.RunAsync("dotnet add package SessionReplay.Storage.AzureBlob");
        await app.BuildAsync();
        await using var ceph = await CephCluster.StartAsync();
        await ProveCacheAsync(app, ceph.ServiceUrl, SettingsOf(ceph));
        await ProveStoreAsync(app, ceph);
        await using var azurite = new Azurite();
        await azurite.StartProcessAsync();
        await ProveCacheAsync(app, azurite.ServiceUrl, SettingsOf(azurite));
    }

    public void Dispose() => _folder.Dispose();

    private static (string, string?)[] SettingsOf(CephCluster ceph) =>
    [
        ("SessionReplay__Storage__S3__Preset", "Ceph"), ("SessionReplay__Storage__S3__ServiceUrl", ceph.ServiceUrl),
        ("SessionReplay__Storage__S3__AccessKey", ceph.AccessKey), ("SessionReplay__Storage__S3__SecretKey", ceph.SecretKey),
    ];

    private static (string, string?)[] SettingsOf(Azurite azurite) =>
    [
        ("SessionReplay__Storage__Provider", "AzureBlob"), ("SessionReplay__Storage__AzureBlob__Bucket", Bucket),
        ("SessionReplay__Storage__AzureBlob__ConnectionString", azurite.ConnectionString),
    ];

    private async Task ProveCacheAsync(GuideApp app, string store, (string, string?)[] settings)
    {
        var port = FreePort.Next();
        await using var front = await StartFrontAsync(port);
        await using var cache = await StartCacheAsync(store, front.App.Url);
        await using var running = await StartAsync(app, port, [.. settings, ("SessionReplay__Playback__EdgeAddress", cache.App.Url)]);
        var session = await RecordAsync(running, front);

        await ViewAsync(front);
        Assert.Contains(cache.Next(), answer => answer.Is("MISS", 206));
        front.Next();
        await ViewAsync(front);
        var served = cache.Next().Where(answer => answer.Status == 206).ToList();
        Assert.All(served, answer => Assert.Equal("HIT", answer.Cache));
        var (bytes, sent) = (served.Sum(answer => answer.Bytes), front.SentOfSessions());
        Assert.InRange(bytes, 1_000_000, long.MaxValue);
        Assert.InRange(sent, 1, bytes / 20);

        await ProveDeletedAsync(running, cache.App, session, served[0].Address);
    }

    /// <summary>The cache keeps the bytes of a deleted session, and nobody gets what opens them.</summary>
    private static async Task ProveDeletedAsync(RunningApp running, RunningApp cache, string session, string recording)
    {
        using var deletion = new HttpRequestMessage(HttpMethod.Delete, session) { Headers = { { "X-Session-Replay", "1" } } };
        using var deleted = await running.Http.SendAsync(deletion);
        Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync());

        using var read = new HttpRequestMessage(HttpMethod.Get, recording) { Headers = { Range = new RangeHeaderValue(0, 999_999) } };
        using var stored = await cache.Http.SendAsync(read);
        Assert.Equal(HttpStatusCode.PartialContent, stored.StatusCode);
        Assert.DoesNotContain(LastText, await stored.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var stretch = PlaybackStream.Stretch(Guid.CreateVersion7(), 0, 1);
        using var refused = await running.Http.GetAsync($"{session}/batches?{stretch}&delivery=direct");
        Assert.Equal(HttpStatusCode.Gone, refused.StatusCode);
    }

    /// <summary>Without a cache, browsers read from the store; without its permission they read from the application.</summary>
    private async Task ProveStoreAsync(GuideApp app, CephCluster ceph)
    {
        var port = FreePort.Next();
        await using var front = await StartFrontAsync(port);
        await using var running = await StartAsync(app, port, [.. SettingsOf(ceph), ("SessionReplay__Playback__EdgeAddress", "")]);
        await RecordAsync(running, front);
        front.Next();
        await ViewAsync(front, complaints: 1);
        Assert.InRange(front.SentOfSessions(), 1_000_000, long.MaxValue);

        await AllowAsync(ceph, front.App.Url);
        await ViewAsync(front);
        Assert.InRange(front.SentOfSessions(), 1, 100_000);
    }

    private static async Task AllowAsync(CephCluster ceph, string origin)
    {
        var rules = Guide.Named(Page).FileOf("cors", "cors.json").Replace(Origin, origin, StringComparison.Ordinal);
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(ceph.AccessKey, ceph.SecretKey),
            new AmazonS3Config { ServiceURL = ceph.ServiceUrl, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await client.PutCORSConfigurationAsync(Bucket, JsonSerializer.Deserialize<CorsJson>(rules)!.Read());
    }

    private Task<LoggingProxy> StartCacheAsync(string store, string origin)
    {
        var server = Guide.Named(Page).FileOf("nginx", "recordings.conf");
        Assert.Contains(StoreAddress, server, StringComparison.Ordinal);
        Assert.Contains(Origin, server, StringComparison.Ordinal);
        var folder = _folder.File($"nginx-{++_proxies}");
        return LoggingProxy.StartAsync(
            folder,
            server.Replace(StoreAddress, store, StringComparison.Ordinal).Replace(Origin, origin, StringComparison.Ordinal)
                .Replace("/var/cache/nginx", folder, StringComparison.Ordinal));
    }

    /// <summary>Starts what counts the application's answers.</summary>
    private Task<LoggingProxy> StartFrontAsync(int port) => LoggingProxy.StartAsync(
        _folder.File($"nginx-{++_proxies}"),
        $$"""
        server {
          listen 80;
          location / { proxy_pass http://127.0.0.1:{{port}}; proxy_http_version 1.1; proxy_set_header Host $http_host; }
        }
        """);

    private static async Task<RunningApp> StartAsync(GuideApp app, int port, (string Name, string? Value)[] settings)
    {
        var data = Path.Combine(app.ProjectFolder, "session-replay-data");
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        var program = Path.Combine(app.ProjectFolder, "bin", "Debug", "net10.0", $"{app.Name}.dll");
        var variables = string.Join(' ', settings.Select(setting => $"{setting.Name}='{setting.Value}'"));
        // On Azure it makes the container, and ends with 1 because the lifecycle rules are out of its reach.
        await app.RunAsync($"{variables} dotnet '{program}' session-replay set-up-storage || true");
        return await RunningApp.StartAsync(
            ["dotnet", program], app.ProjectFolder, port,
            [
                .. settings, ("SessionReplay__Sessions__IdleTimeout", "00:00:08"), ("SessionReplay__Sessions__SweepInterval", "00:00:01"),
            ]);
    }

    /// <summary>Records a visit of a few megabytes, and waits until the recording is in the store.</summary>
    /// <returns>The path of the session in the API.</returns>
    private static async Task<string> RecordAsync(RunningApp running, LoggingProxy front)
    {
        await using (var visitor = await Visitor.ComeAsync(front.App.Url))
        {
            await visitor.OpenAsync("/");
            await visitor.Page.EvaluateAsync(
                """
                async () => {
                  for (let i = 0; i < 40; i++) {
                    const bytes = crypto.getRandomValues(new Uint8Array(30_000));
                    const text = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
                    document.querySelector('main').textContent = `step ${i} ${text}`;
                    await new Promise((resolve) => setTimeout(resolve, 50));
                  }
                }
                """);
            // What is too large to be sent while the page goes would wait for the visitor's next page.
            await visitor.WaitUntilSentAsync();
            await visitor.Page.EvaluateAsync("(last) => { document.querySelector('main').textContent = last; }", LastText);
            await visitor.LeaveAsync();
        }

        var id = (await running.FindSessionAsync("event=left")).GetProperty("id").GetString();
        var session = $"/session-replay/api/tenants/shop/sessions/{id}";
        for (var i = 0; ; i++)
        {
            var manifest = await running.Http.GetStringAsync($"{session}/manifest");
            var window = JsonDocument.Parse(manifest).RootElement.GetProperty("windows")[0].GetProperty("id").GetString();
            var answer = await running.Http.GetStringAsync($"{session}/batches?stretch={window}.0-9&delivery=direct");
            if (answer.Contains("chunkKey", StringComparison.Ordinal))
            {
                return session;
            }

            Assert.True(i < 300, $"The recording did not reach the store.\n{running.Output}");
            await Task.Delay(200);
        }
    }

    /// <summary>Views the session to its end.</summary>
    private static async Task ViewAsync(LoggingProxy front, int complaints = 0)
    {
        await using var viewer = await Visitor.ComeAsync(front.App.Url);
        await viewer.PlayAsync("/session-replay", "step");
        await viewer.Page.Locator("session-replay-player").EvaluateAsync("(player) => player.seek(player.duration)");
        await viewer.WaitForReplayAsync($"(page) => page?.body?.innerText.includes('{LastText}')");
        Assert.True(
            viewer.Complaints.Count == complaints, $"{viewer.Complaints.Count} complaints:\n{string.Join('\n', viewer.Complaints)}");
    }

    /// <summary>The configuration as Amazon's command-line tool reads it.</summary>
    private sealed record CorsJson(List<CorsJson.Rule> CORSRules)
    {
        public CORSConfiguration Read() => new()
        {
            Rules =
            [
                .. CORSRules.Select(static rule => new CORSRule
                {
                    AllowedOrigins = rule.AllowedOrigins, AllowedMethods = rule.AllowedMethods, AllowedHeaders = rule.AllowedHeaders,
                    MaxAgeSeconds = rule.MaxAgeSeconds,
                }),
            ],
        };

        public sealed record Rule(List<string> AllowedOrigins, List<string> AllowedMethods, List<string> AllowedHeaders, int MaxAgeSeconds);
    }
}
