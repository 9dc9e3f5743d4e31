using SessionReplay.BlazorApp.Client;
using SessionReplay.BlazorApp.Components;

// A Blazor application as its template makes it, with session replay added. The setting Mode chooses how its pages are rendered: Static,
// Server or WebAssembly.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorComponents().AddInteractiveServerComponents().AddInteractiveWebAssemblyComponents();
builder.Services.AddSessionReplay(builder.Configuration);

var app = builder.Build();
app.UseAntiforgery();
app.MapStaticAssets();
app.MapRazorComponents<App>().AddInteractiveServerRenderMode().AddInteractiveWebAssemblyRenderMode()
    .AddAdditionalAssemblies(typeof(Routes).Assembly);
app.MapGet("/api/late", async (CancellationToken cancellationToken) => await Task.Delay(TimeSpan.FromSeconds(30), cancellationToken));
app.MapSessionReplay();
await app.RunAsync();
