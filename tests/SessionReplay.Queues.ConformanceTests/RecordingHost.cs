using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>A host with all roles on 127.0.0.1: the embedded defaults, and the adapter's queue between ingest and the worker.</summary>
internal sealed class RecordingHost : IAsyncDisposable
{
    private const string Key = "wk_conformance_1";
    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private RecordingHost(QueueClient client)
    {
        Queue = new WatchedQueue(client.Queue);
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = _folder.FullPath, EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IMessageQueue>(Queue).AddSingleton(client.DeadLetters).AddSingleton(client.Monitor);
        builder.Services.AddSessionReplay(options =>
        {
            options.Tenants.Add(new TenantOptions { Id = "shop", WriteKeys = { new WriteKeyOptions { Key = Key } } });
            options.Ingest.MaxBatchBytes = 40 * 1024 * 1024;
        });
        _app = builder.Build();
        _app.MapSessionReplay();
    }

    public WatchedQueue Queue { get; }

    public static async Task<RecordingHost> StartAsync(QueueClient client)
    {
        var host = new RecordingHost(client);
        await host._app.StartAsync();
        host._http.BaseAddress = new Uri(host._app.Urls.First() + "/session-replay/");
        return host;
    }

    /// <summary>Sends a batch as a recorder does; returns how many bytes that took.</summary>
    public async Task<int> SendAsync(EventBatch batch)
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            batch.WriteTo(gzip);
        }

        using var content = new ByteArrayContent(Upload.Batch(compressed.ToArray()));
        content.Headers.ContentType = new("text/plain");
        using var answer = await _http.PostAsync($"v1/batches?key={Key}&sent={DomEvents.Times(batch.DomEvents)[0]}", content);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (int)compressed.Length;
    }

    /// <summary>Waits until the recording has as many chunks.</summary>
    public async Task WaitForChunksAsync(Guid session, int count, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (await ChunksAsync(session) < count)
        {
            Assert.True(clock.Elapsed < patience, $"The recording has {await ChunksAsync(session)} of {count} chunks.");
            await Task.Delay(100);
        }
    }

    public async Task<int> ChunksAsync(Guid session)
    {
        using var answer = await _http.GetAsync($"api/tenants/shop/sessions/{session:N}/manifest");
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("session").GetProperty("chunks").GetInt32()
            : 0;
    }

    public Task<EventBatch> ReadAsync(Guid session, Guid window, uint seq) =>
        PlaybackStream.GetBatchAsync(_http, $"api/tenants/shop/sessions/{session:N}", window, seq);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
