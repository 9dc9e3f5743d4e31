using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Wire;

namespace SessionReplay.TestHosts;

/// <summary>A real host (Kestrel on 127.0.0.1) with all roles on the embedded defaults.</summary>
public sealed class FullHost : IAsyncDisposable
{
    public const string Key = "wk_test_12345678";
    public const string OtherKey = "wk_other_12345678";

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;

    private FullHost(
        string environment, Action<SessionReplayOptions>? configure, Action<WebApplicationBuilder, ISessionReplayBuilder>? build,
        Action<WebApplication>? use)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = _folder.FullPath, EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var replay = builder.Services.AddSessionReplay(options =>
        {
            options.Tenants.Add(new TenantOptions { Id = "shop", RetentionDays = 30, WriteKeys = { new WriteKeyOptions { Key = Key } } });
            options.Tenants.Add(new TenantOptions { Id = "other", WriteKeys = { new WriteKeyOptions { Key = OtherKey } } });
            options.Sessions.SweepInterval = TimeSpan.FromHours(1);
            options.Sessions.IdleTimeout = TimeSpan.FromSeconds(1);
            configure?.Invoke(options);
        });
        build?.Invoke(builder, replay);
        _app = builder.Build();
        use?.Invoke(_app);
        _app.MapSessionReplay();
    }

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public string DataFolder => Path.Combine(_folder.FullPath, "session-replay-data");

    public static async Task<FullHost> StartAsync(
        string environment = "Development", Action<SessionReplayOptions>? configure = null,
        Action<WebApplicationBuilder, ISessionReplayBuilder>? build = null,
        Action<WebApplication>? use = null)
    {
        var host = new FullHost(environment, configure, build, use);
        await host._app.StartAsync();
        host.Client = new HttpClient { BaseAddress = new Uri(host._app.Urls.First() + "/session-replay/") };
        return host;
    }

    public async Task<HttpStatusCode> SendAsync(EventBatch batch, string key = Key, byte[]? secret = null)
    {
        using var content = IngestHost.Body(Upload.Batch(BatchSamples.Gzip(batch.ToByteArray()), secret));
        using var answer = await Client.PostAsync($"v1/batches?key={key}&sent={BatchSamples.Time}", content);
        return answer.StatusCode;
    }

    /// <summary>Sends and waits until the worker has stored the session's chunks.</summary>
    public async Task RecordAsync(SessionId session, params EventBatch[] batches)
    {
        foreach (var batch in batches)
        {
            Assert.Equal(HttpStatusCode.Accepted, await SendAsync(batch));
        }

        var expected = batches.Select(b => (b.WindowId, b.Seq)).Distinct().Count();
        await WaitAsync(async () => await ChunksAsync(session) >= expected, "the chunks");
    }

    public async Task<JsonElement> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await Client.SendAsync(request);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<HttpStatusCode> StatusAsync(string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await Client.SendAsync(request);
        return answer.StatusCode;
    }

    public async Task<HttpStatusCode> ForgetAsync(SessionId session, byte[]? secret = null, string key = Key)
    {
        using var content = IngestHost.Body(Upload.Frame([], secret));
        using var answer = await Client.PostAsync($"v1/sessions/{session}/forget?key={key}", content);
        return answer.StatusCode;
    }

    public async Task<int> ChunksAsync(SessionId session)
    {
        using var answer = await Client.GetAsync($"api/tenants/shop/sessions/{session}/manifest");
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("session").GetProperty("chunks").GetInt32()
            : 0;
    }

    public Task<EventBatch> ChunkAsync(SessionId session, WindowId window, uint seq, string tenant = "shop") =>
        PlaybackStream.GetBatchAsync(Client, $"api/tenants/{tenant}/sessions/{session}", window.Value, seq);

    /// <summary>Reads the records of stretches, with the last one.</summary>
    public Task<List<PlaybackRecord>> BatchesAsync(SessionId session, params ChunkStretch[] stretches) =>
        PlaybackStream.GetAsync(Client, BatchesPath(session, stretches));

    /// <summary>Reads the records of assets without the last one.</summary>
    public async Task<List<PlaybackRecord>> AssetsAsync(SessionId session, params string[] hashes) =>
        (await PlaybackStream.GetAsync(
            Client, $"api/tenants/shop/sessions/{session}/assets?{string.Join('&', hashes.Select(hash => $"hash={hash}"))}"))[..^1];

    public static string BatchesPath(SessionId session, params ChunkStretch[] stretches) =>
        $"api/tenants/shop/sessions/{session}/batches?"
        + string.Join('&', stretches.Select(s => PlaybackStream.Stretch(s.Window.Value, s.First, s.Last)));

    /// <summary>Runs an operator's command.</summary>
    public async Task<(int ExitCode, string Output)> CommandAsync(params string[] arguments)
    {
        await using var output = new StringWriter();
        var exitCode = await _app.RunSessionReplayCommandAsync(["session-replay", .. arguments], output: output);
        return (exitCode ?? throw new InvalidOperationException("The arguments hold no command."), output.ToString());
    }

    /// <summary>Lets the idle time pass, then ends, compacts and applies retention.</summary>
    public async Task SweepAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        // Internal to the pipeline: a sweep now instead of in an hour.
        var type = typeof(LifecycleRegistration).Assembly.GetType("SessionReplay.Pipeline.Lifecycle.LifecycleSweeps", throwOnError: true)!;
        await (ValueTask)type.GetMethod("RunAsync")!.Invoke(Services.GetRequiredService(type), [CancellationToken.None])!;
    }

    /// <summary>The objects of the blob store. Its folder is made with the first.</summary>
    public IReadOnlyList<string> Blobs()
    {
        var folder = Path.Combine(DataFolder, "blobs");
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.bin", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file)).Order()]
            : [];
    }

    public static async Task WaitAsync(Func<Task<bool>> condition, string what)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"not within 30 s: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
