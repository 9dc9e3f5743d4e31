using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Testing;

namespace SessionReplay.Fidelity;

/// <summary>An application that serves the pages, records them and plays them: ingest, worker and playback as they are shipped.</summary>
internal sealed class Site : IAsyncDisposable
{
    private const string Key = "fidelity";
    private readonly TempFolder _folder = new();
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private Site(WebApplication app, TempFolder folder)
    {
        _app = app;
        _folder = folder;
        Url = app.Urls.First();
        _http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public string Url { get; }

    public static async Task<Site> StartAsync()
    {
        var folder = new TempFolder();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = folder.FullPath });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{FreePort.Next()}");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SessionReplay:DataDirectory"] = folder.FullPath,
            ["SessionReplay:Tenants:0:Id"] = Key,
            ["SessionReplay:Tenants:0:WriteKeys:0:Key"] = Key,
            // Hundreds of visitors come from one address here.
            ["SessionReplay:Ingest:RequestsPerSecondPerAddress"] = "100000",
        });
        builder.Services.AddSessionReplay(builder.Configuration);
        var app = builder.Build();
        app.MapSessionReplay();
        app.MapSessionReplayConsole();
        app.MapGet("/{group}/{name}", Serve);
        await app.StartAsync();
        return new Site(app, folder);
    }

    public static string PlayerPath(string session) => $"/session-replay/tenants/{Key}/sessions/{session}";

    /// <summary>Waits until all of a session is stored. Gives nothing for a page that was not recorded.</summary>
    public async Task<Recording?> WaitForRecordingAsync(string session)
    {
        var last = default(Recording);
        var unchanged = 0;
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (await ReadAsync(session) is { } found)
            {
                // The recorder says which batch is the last of a window; a window that was replaced under it may not come to that.
                unchanged = found.Batches == last?.Batches ? unchanged + 1 : 0;
                if (found.IsClosed || unchanged >= 50)
                {
                    return found;
                }

                last = found;
            }

            await Task.Delay(100);
        }

        return last;
    }

    /// <summary>Waits, for 20 s at most, until the server has what was recorded up to a time of the visitor's clock.</summary>
    public async Task WaitUntilAsync(string session, double time)
    {
        for (var end = DateTime.UtcNow.AddSeconds(20); DateTime.UtcNow < end; await Task.Delay(100))
        {
            if (await ReadAsync(session) is { } found && found.Until >= time + found.ClockOffset)
            {
                return;
            }
        }
    }

    private async Task<Recording?> ReadAsync(string session)
    {
        using var answer = await _http.GetAsync($"/session-replay/api/tenants/{Key}/sessions/{session}/manifest");
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        var manifest = await JsonSerializer.DeserializeAsync<JsonElement>(await answer.Content.ReadAsStreamAsync());
        var windows = manifest.GetProperty("windows").EnumerateArray().ToList();
        return windows.Count == 0 ? null : new Recording(
            session,
            manifest.GetProperty("session").GetProperty("startedAt").GetDouble(),
            windows[^1].GetProperty("clockOffset").GetDouble(),
            windows.Sum(window => window.GetProperty("chunks").GetArrayLength()),
            windows.SelectMany(window => window.GetProperty("chunks").EnumerateArray()).Select(chunk => chunk.GetProperty("to").GetDouble())
                .DefaultIfEmpty().Max(),
            windows.TrueForAll(window => window.GetProperty("closed").GetBoolean()));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<IResult> Serve(string group, string name, int after = 0)
    {
        await Task.Delay(after);
        var path = $"/{group}/{name}";
        if (PageFiles.Pages.FirstOrDefault(page => page.Path == path) is { } page)
        {
            return Results.Text(Document(page), page.ContentType);
        }

        var file = Path.Combine(PageFiles.Folder, "files", Path.GetFileName(name));
        return PageFiles.Files.TryGetValue(path, out var text) ? Results.Text(text, TypeOf(name))
            : File.Exists(file) ? Results.File(file, TypeOf(name)) : Results.NotFound();
    }

    private static string Document(FidelityPage page)
    {
        var tag =
            $"""<script src="/session-replay/recorder.js" data-write-key="{Key}"{(page.IsMasked ? "" : " data-unmask-input-selector=\"*\"")}></script>""";
        return page.Html.Contains(FidelityPage.RecorderMark, StringComparison.Ordinal)
            ? page.Html.Replace(FidelityPage.RecorderMark, tag, StringComparison.Ordinal)
            : $"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{page.Name}</title>{tag}</head><body>{page.Html}</body></html>""";
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".webp" => "image/webp",
        ".woff2" => "font/woff2",
        ".xhtml" => "application/xhtml+xml",
        ".webm" => "video/webm",
        ".wav" => "audio/wav",
        _ => "text/html",
    };
}
