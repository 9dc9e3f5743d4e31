// The fewest lines that add session replay to an application: the four that are marked.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSessionReplay(builder.Configuration);                                    // 1

var app = builder.Build();
app.MapStaticAssets();
app.MapSessionReplay();                                                                      // 2
app.MapSessionReplayConsole();                                                               // 3

app.MapGet("/", () => Results.Content(
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
      <title>Minimal</title>
      <script src="/session-replay/recorder.js" data-write-key="minimal-sample" async></script>    <!-- 4 -->
    </head>
    <body>
      <h1>This page is recorded</h1>
      <p><button onclick="this.textContent = 'Clicked at ' + new Date().toLocaleTimeString()">Click me</button></p>
      <p>Then look at it in the <a href="/session-replay">replay console</a>.</p>
    </body>
    </html>
    """,
    "text/html"));

app.Run();
