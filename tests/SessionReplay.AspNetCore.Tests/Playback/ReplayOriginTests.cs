using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>The origin on which recordings are replayed, and the documents of the replay.</summary>
public sealed partial class ReplayOriginTests
{
    private const string Origin = "http://replay.localhost:5999";

    [Theory]
    [InlineData("Host", "replay.localhost:5999")]
    [InlineData("Host", "Replay.Localhost")]
    [InlineData("X-Forwarded-Host", "elsewhere.example, replay.localhost")]
    public async Task ReplayOrigin_EveryEndpointAndMethod_AnswersForTheDocumentsOfTheReplayAlone(string header, string host)
    {
        await using var app = await StartAsync(Origin);
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count > 20, $"{endpoints.Count} endpoints");
        var shown = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var path = "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), "x");
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Headers.TryAddWithoutValidation(header, host);
                using var answer = await app.Client.SendAsync(request);

                Assert.False(answer.Headers.Contains("Set-Cookie"), path);
                Assert.False(answer.Headers.Contains("X-Own"), path);
                if (answer.StatusCode != HttpStatusCode.NotFound)
                {
                    shown.Add($"{method} {path} {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Equal(["GET /session-replay/api/replay-frame 200", "GET /session-replay/api/replay-stage 200"], shown.Order());
    }

    [Fact]
    public async Task Stage_WithAReplayOrigin_IsOnThatOrigin()
    {
        await using var app = await StartAsync(Origin);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await client.GetAsync(new Uri(app.Client.BaseAddress!, "api/replay-stage"));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"{Origin}/session-replay/api/replay-stage", answer.Headers.Location!.AbsoluteUri);
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/own"));
    }

    [Theory]
    [InlineData(null, "replay-stage", "frame-ancestors 'self'")]
    [InlineData(null, "replay-frame", "frame-ancestors 'self'")]
    [InlineData(Origin, "replay-stage", "sandbox allow-scripts allow-same-origin")]
    [InlineData(Origin, "replay-frame", "sandbox allow-same-origin")]
    public async Task Document_Headers_AreItsOwn(string? origin, string name, string end)
    {
        await using var app = await StartAsync(origin);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/{name}");
        request.Headers.Host = origin is null ? null : new Uri(origin).Authority;
        using var answer = await app.Client.SendAsync(request);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.EndsWith(
            $"; {end}",
            policy.Replace("; require-trusted-types-for 'script'; trusted-types 'none'", string.Empty, StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.Equal("?1", answer.Headers.GetValues("Origin-Agent-Cluster").Single());
        Assert.Equal(origin is null, answer.Headers.Contains("X-Frame-Options"));
        Assert.Contains(name == "replay-stage" ? "script-src 'sha256-" : "style-src 'unsafe-inline'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stage_Script_IsTheOneThatItsPolicyNames()
    {
        await using var app = await StartAsync(null);
        using var answer = await app.Client.GetAsync("api/replay-stage");
        var html = await answer.Content.ReadAsStringAsync();

        var scripts = Script().Matches(html);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Assert.Single(scripts).Groups[1].Value)));
        Assert.Contains(
            $"script-src 'sha256-{hash}';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        // What a browser would take for the begin of a comment swallows the end of the script.
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "api/replay-stage");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await app.Client.SendAsync(again)).StatusCode);
    }

    [Theory]
    [InlineData("replay.example.com")]
    [InlineData("https://replay.example.com/")]
    [InlineData("https://replay.example.com/replay")]
    [InlineData("ftp://replay.example.com")]
    [InlineData("*")]
    [InlineData("not an origin")]
    public async Task Start_WhatIsNoOrigin_IsRefused(string origin)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(origin));

        Assert.Contains(
            $"'SessionReplay:Playback:ReplayOrigin' is '{origin}'; use scheme, host and port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TheOnlyHostOfTheProcess_IsRefused()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("http://127.0.0.1"));

        Assert.Contains("Use a second host name of the application.", error.Message, StringComparison.Ordinal);
    }

    private static Task<FullHost> StartAsync(string? origin) => FullHost.StartAsync(
        configure: options => options.Playback.ReplayOrigin = origin,
        use: app =>
        {
            app.Use((context, next) =>
            {
                context.Response.Cookies.Append("own", "1");
                context.Response.Headers["X-Own"] = "1";
                return next(context);
            });
            app.MapGet("/own", () => "own");
            app.MapGet("/{**rest}", () => "everything else");
        });

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
