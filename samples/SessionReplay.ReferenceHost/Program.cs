using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Connections;
using SessionReplay.ReferenceHost.Shop;

var builder = WebApplication.CreateBuilder(args);

// The shop.
builder.Services.AddRazorPages();
builder.Services.AddHttpContextAccessor();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<StockTicker>();
builder.Services.AddScoped<Cart>();
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options => options.LoginPath = "/login");
builder.Services.AddAuthorization();

// Session replay: queue, recordings, catalog and keys in session-replay-data/, settings in appsettings.json.
builder.Services.AddSessionReplay(builder.Configuration);

var app = builder.Build();

app.UseAuthentication();
app.UseAuthorization();
app.MapStaticAssets();
app.MapRazorPages().WithStaticAssets();
app.MapShop();
app.MapSessionReplay();
app.MapSessionReplayConsole();

// An operator's command instead of the shop: dotnet run -- session-replay
if (await app.RunSessionReplayCommandAsync(args) is { } exitCode)
{
    return exitCode;
}

app.Lifetime.ApplicationStarted.Register(() =>
{
    var url = app.Urls.FirstOrDefault()?.TrimEnd('/');
    Console.WriteLine();
    Console.WriteLine($"  Shop            {url}/");
    Console.WriteLine($"  Replay console  {url}/session-replay");
    Console.WriteLine();
});

try
{
    await app.RunAsync();
    return 0;
}
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    Console.Error.WriteLine(
        $"{e.Message} Choose another port: dotnet run --project samples/SessionReplay.ReferenceHost -- --urls http://localhost:5211");
    return 1;
}
