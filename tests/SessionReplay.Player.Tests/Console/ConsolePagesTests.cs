using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Player.Tests.Console;

public sealed class ConsolePagesTests : IAsyncLifetime
{
    private const string Session = "01990000000070008000000000000000";

    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        // No static files, no Razor, no login: the console needs nothing of the application.
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapSessionReplayConsole();
        _app.MapSessionReplayConsole("/other/place/");
        await _app.StartAsync();
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData(
        "/session-replay", "<session-replay-list api=\"/session-replay/api\" href=\"/session-replay/tenants/{tenant}/sessions/{id}\">")]
    [InlineData(
        "/session-replay/tenants/shop/sessions/" + Session,
        "<session-replay-player api=\"/session-replay/api\" tenant=\"shop\" session=\"" + Session + "\" back=\"/session-replay\">")]
    [InlineData("/other/place", "<session-replay-list api=\"/other/place/api\"")]
    public async Task Page_OfAnyPrefix_HoldsItsComponentAndStrictHeaders(string path, string element)
    {
        using var answer = await _client.GetAsync(path);
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(element, html, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", policy, StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("?1", answer.Headers.GetValues("Origin-Agent-Cluster").Single());
        Assert.DoesNotContain("style", html, StringComparison.Ordinal);
        Assert.Contains($"integrity=\"{PlayerAssets.ScriptIntegrity}\">", html, StringComparison.Ordinal);
        Assert.Equal((2, 2), (html.Split("<h1").Length, html.Split("<main>").Length));
    }

    [Theory]
    [InlineData("/session-replay/tenants/shop/sessions/nonsense")]
    [InlineData("/session-replay/tenants/shop/sessions/01990000000070008000000000000000%22onload=x")]
    [InlineData("/session-replay/tenants/shop/sessions/0199000000007000800000000000000G")]
    public async Task Page_OfNoSession_Is404(string path)
    {
        using var answer = await _client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Script_OfThePage_IsServedAndKeptForLong()
    {
        var html = await _client.GetStringAsync("/session-replay");
        var path = html.Split("src=\"")[1].Split('"')[0];

        using var answer = await _client.GetAsync(path);

        Assert.Equal("text/javascript", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("session-replay-player", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("GZIP;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("identity", false)]
    public async Task Script_ForAClientThatTakesGzip_IsCompressed(string accepted, bool expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/session-replay/session-replay-player.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var answer = await _client.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal(expected, answer.Content.Headers.ContentEncoding.Contains("gzip"));
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        Assert.Equal(expected, bytes.Length < 100_000);
        using var script = new StreamReader(
            expected ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : new MemoryStream(bytes));
        Assert.Contains("session-replay-player", await script.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
