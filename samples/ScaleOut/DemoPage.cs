using System.Text.Encodings.Web;

namespace SessionReplay.ScaleOut;

/// <summary>A recorded page, served by the processes that take batches, to see the whole at work.</summary>
internal static class DemoPage
{
    public static void MapDemoPage(this WebApplication app)
    {
        // The first tenant's write key: it is public and stands in every page.
        var key = HtmlEncoder.Default.Encode(app.Configuration["SessionReplay:Tenants:0:WriteKeys:0:Key"] ?? string.Empty);
        app.MapGet("/", () => Results.Content(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <title>Recorded</title>
              <script src="/session-replay/recorder.js" data-write-key="{{key}}" async></script>
            </head>
            <body>
              <h1>This page is recorded</h1>
              <p><button onclick="this.textContent = 'Clicked at ' + new Date().toLocaleTimeString()">Click me</button> <input aria-label="Masked" placeholder="Masked"></p>
            </body>
            </html>
            """,
            "text/html"));
    }
}
