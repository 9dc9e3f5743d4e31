using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;
using SessionReplay.Wire;

namespace SessionReplay.TestHosts;

/// <summary>A real host (Kestrel on 127.0.0.1) with the role Ingest on the embedded queue, store and keys.</summary>
public sealed class IngestHost : IAsyncDisposable
{
    public const string Key = "wk_test_12345678";
    public const string Origin = "https://shop.example";

    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;

    private IngestHost(Action<SessionReplayOptions>? configure, Action<ISessionReplayBuilder>? build, Action<WebApplication>? use)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullPath });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        build?.Invoke(builder.Services.AddSessionReplay(options =>
        {
            options.Roles = SessionReplayRoles.Ingest;
            options.Tenants.Add(new TenantOptions { Id = "shop", WriteKeys = { new WriteKeyOptions { Key = Key, Origins = { Origin } } } });
            options.Tenants.Add(new TenantOptions { Id = "other", WriteKeys = { new WriteKeyOptions { Key = "wk_other_12345678" } } });
            configure?.Invoke(options);
        }) ?? throw new InvalidOperationException());
        _app = builder.Build();
        use?.Invoke(_app);
        _app.MapSessionReplay();
    }

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public string DataFolder => Path.Combine(_folder.FullPath, "session-replay-data");

    public Uri Address { get; private set; } = null!;

    public static async Task<IngestHost> StartAsync(
        Action<SessionReplayOptions>? configure = null, Action<ISessionReplayBuilder>? build = null, Action<WebApplication>? use = null)
    {
        var host = new IngestHost(configure, build ?? (static _ => { }), use);
        await host._app.StartAsync();
        host.Address = new Uri(host._app.Urls.First());
        host.Client = new HttpClient { BaseAddress = new Uri(host.Address, "/session-replay/") };
        return host;
    }

    public static ByteArrayContent Body(byte[] bytes, string? type = "text/plain")
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = type is null ? null : new(type);
        return content;
    }

    public Task<HttpResponseMessage> SendAsync(
        byte[] batch, string? origin = Origin, string key = Key, string extra = "", byte[]? secret = null) =>
        PostAsync($"v1/batches?key={key}{extra}", Body(Upload.Batch(batch, secret)), origin);

    /// <summary>Sends batches in one upload.</summary>
    public Task<HttpResponseMessage> SendAllAsync(IEnumerable<byte[]> batches, byte[]? secret = null) =>
        PostAsync($"v1/batches?key={Key}", Body(Upload.Batches(batches, secret)));

    public async Task<HttpResponseMessage> PostAsync(string path, HttpContent content, string? origin = Origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await Client.SendAsync(request);
    }

    /// <summary>Takes what was published, chunk by chunk, opened as playback and the worker open it.</summary>
    public async Task<IReadOnlyList<TakenChunk>> TakeAsync(int count)
    {
        var taken = new List<TakenChunk>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (taken.Count < count)
        {
            foreach (var delivery in await Services.GetRequiredService<IMessageQueue>().ReceiveAsync(100, limit.Token))
            {
                taken.Add(await OpenAsync(delivery, limit.Token));
                await delivery.AckAsync(limit.Token);
            }
        }

        return taken;
    }

    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<TakenChunk> OpenAsync(IQueueDelivery delivery, CancellationToken cancellationToken)
    {
        var message = QueueMessageHeader.Read(delivery.Body.Span);
        var header = ChunkHeaderCodec.Read(delivery.Body.Span[QueueMessageHeader.PrefixSize..]);
        var body = delivery.Body[(QueueMessageHeader.Size + message.EntryLength)..];
        byte[] chunk;
        if (message.IsClaimCheck)
        {
            var key = System.Text.Encoding.UTF8.GetString(body.Span);
            await using var stream = await Services.GetRequiredService<IBlobStore>().OpenReadAsync(key, 0, null, cancellationToken);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, cancellationToken);
            chunk = copy.ToArray();
        }
        else
        {
            chunk = [.. delivery.Body.Span.Slice(QueueMessageHeader.PrefixSize, ChunkHeader.Size), .. body.Span];
        }

        using var cipher = await Services.GetRequiredService<ISessionCipherProvider>().GetAsync(header.Id.SessionRef, cancellationToken);
        var payload = new byte[header.PayloadLength];
        cipher.Open(header.Id, chunk, payload);
        var entry = CatalogEntry.Parser.ParseFrom(delivery.Body.Span.Slice(QueueMessageHeader.Size, message.EntryLength));
        var owner = new byte[36];
        header.Id.Session.Write(owner);
        header.Id.Window.Write(owner.AsSpan(16));
        BinaryPrimitives.WriteUInt32BigEndian(owner.AsSpan(32), header.Id.Seq);
        var facts = cipher.Fields.Open("chunk.facts", owner, entry.Facts.Span);
        return new(message, header, payload, ChunkFacts.Parser.ParseFrom(facts), entry);
    }
}
