using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Testing;

namespace SessionReplay.EndToEnd.Policies;

/// <summary>An application that gives all its answers a Content Security Policy of its own, in the way that a test chooses.</summary>
internal sealed class StrictSite : IAsyncDisposable
{
    public const string Key = "strict-site-web";
    private readonly TempFolder _folder;
    private readonly WebApplication _app;

    private StrictSite(WebApplication app, TempFolder folder)
    {
        _app = app;
        _folder = folder;
    }

    /// <summary>Sets headers of an answer; the text is the request's nonce.</summary>
    public Action<HttpResponse, string> Headers { get; set; } = static (_, _) => { };

    /// <summary>Whether the headers are set when the response starts, or before the endpoint runs.</summary>
    public bool IsOnStarting { get; set; }

    public string Url => _app.Urls.First();

    /// <summary>The origin on which recordings are replayed, if they are on one of their own.</summary>
    public string ReplayOrigin => $"http://replay.localhost:{new Uri(Url).Port}";

    public HttpClient Http { get; } = new();

    public static async Task<StrictSite> StartAsync(bool hasReplayOrigin = false)
    {
        var folder = new TempFolder();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = folder.FullPath });
        builder.Logging.ClearProviders();
        var port = FreePort.Next();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SessionReplay:DataDirectory"] = folder.FullPath,
            ["SessionReplay:Tenants:0:Id"] = "shop",
            ["SessionReplay:Tenants:0:WriteKeys:0:Key"] = Key,
            ["SessionReplay:Playback:ReplayOrigin"] = hasReplayOrigin ? $"http://replay.localhost:{port}" : null,
        });
        builder.Services.AddSessionReplay(builder.Configuration);
        var app = builder.Build();
        var site = new StrictSite(app, folder);
        app.Use(site.SetHeadersAsync);
        app.MapSessionReplay();
        app.MapSessionReplayConsole();
        app.MapGet("/page", () => Results.Content(Page, "text/html"));
        app.MapGet("/page.css", () => Results.Text("h1 { color: rgb(1, 2, 3) }", "text/css"));
        app.MapGet("/page.png", () => Results.Bytes(Convert.FromBase64String(Pixel), "image/png"));
        await app.StartAsync();
        site.Http.BaseAddress = new Uri(site.Url);
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /// <summary>
    /// What a strict policy leaves out: a style element, a style attribute, an image that is not of the page's address, and a frame with a
    /// style of its own.
    /// </summary>
    private const string Page =
        $$"""
        <!doctype html>
        <html><head><title>Strict page</title><script src="/session-replay/recorder.js" data-write-key="{{Key}}"></script>
        <link rel="stylesheet" href="/page.css"><style>p { margin-top: 7px }</style></head>
        <body><h1>Recorded</h1><p style="color: rgb(4, 5, 6)">text</p><img src="/page.png" alt="">
        <iframe srcdoc="<style>b { color: rgb(7, 8, 9) }</style><b>framed</b>"></iframe></body></html>
        """;

    private async Task SetHeadersAsync(HttpContext context, RequestDelegate next)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        if (context.Request.Path.StartsWithSegments("/page"))
        {
            // The page to be recorded stands for one of another application: the policy under test is of the application with the console.
        }
        else if (IsOnStarting)
        {
            context.Response.OnStarting(() =>
            {
                Headers(context.Response, nonce);
                return Task.CompletedTask;
            });
        }
        else
        {
            Headers(context.Response, nonce);
        }

        await next(context);
    }
}
