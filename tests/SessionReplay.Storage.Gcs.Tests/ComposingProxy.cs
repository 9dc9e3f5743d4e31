using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Storage.Gcs.Tests;

/// <summary>Stands before the emulator and adds the one call it lacks: composition, as Google describes it (up to 32 whole objects, in order). All else goes through.</summary>
public sealed class ComposingProxy(Func<string> emulator) : IAsyncDisposable
{
    private static readonly string[] Hop = ["Host", "Transfer-Encoding", "Connection", "Content-Length"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None });
    private WebApplication? _app;

    public string ServiceUrl => _app!.Urls.First();

    public int Compositions { get; private set; }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(context => context.Request.Method == "POST" && context.Request.Path.Value!.EndsWith("/compose", StringComparison.Ordinal)
            ? ComposeAsync(context)
            : ForwardAsync(context));
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _http.Dispose();
    }

    private async Task ComposeAsync(HttpContext context)
    {
        // The target as it was sent: '/storage/v1/b/{bucket}/o/{name, escaped}/compose'.
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        var objects = target[..(target.IndexOf("/o/", StringComparison.Ordinal) + 3)];
        var name = target[objects.Length..^"/compose".Length];
        var sources = (await JsonNode.ParseAsync(context.Request.Body))!["sourceObjects"]!.AsArray().Select(source => (string)source!["name"]!).ToList();
        if (sources.Count is 0 or > 32)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var whole = new MemoryStream();
        foreach (var source in sources)
        {
            using var part = await _http.GetAsync($"{emulator()}{objects}{Uri.EscapeDataString(source)}?alt=media");
            if (!part.IsSuccessStatusCode)
            {
                context.Response.StatusCode = (int)part.StatusCode;
                return;
            }

            await part.Content.CopyToAsync(whole);
        }

        using var content = new ByteArrayContent(whole.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var answer = await _http.PostAsync($"{emulator()}/upload{objects[..^1]}?uploadType=media&name={name}", content);
        Compositions++;
        context.Response.StatusCode = (int)answer.StatusCode;
        await context.Response.Body.WriteAsync(await answer.Content.ReadAsByteArrayAsync());
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), emulator() + target);
        if (body.Length > 0 || context.Request.ContentType is not null)
        {
            request.Content = new ByteArrayContent(body.ToArray());
        }

        foreach (var header in context.Request.Headers.Where(header => !Hop.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }
        }

        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentLength = context.Request.Method == "HEAD" ? null : answer.Content.Headers.ContentLength;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => !Hop.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            context.Response.Headers[header.Key] = header.Value.ToArray();
        }

        await answer.Content.CopyToAsync(context.Response.Body);
    }
}
