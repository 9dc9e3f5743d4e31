using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Components;
using SessionReplay.AspNetCore.RecorderScript;

namespace SessionReplay.AspNetCore.Tests.RecorderScript;

public sealed class RecorderScriptTests
{
    [Theory]
    // The limits of `npm run size`.
    [InlineData("recorder.js", 42_000)]
    [InlineData("recorder.mjs", 42_000)]
    [InlineData("recorder.worker.js", 16_000)]
    [InlineData("recorder.later.mjs", 13_000)]
    [InlineData("recorder.fallback.mjs", 18_000)]
    public async Task Get_Script_IsServedCompressedToEveryOriginAndRevalidated(string name, int maxBytes)
    {
        await using var host = await IngestHost.StartAsync();
        var plain = await host.Client.GetByteArrayAsync(name);
        using var request = new HttpRequestMessage(HttpMethod.Get, name);
        request.Headers.AcceptEncoding.Add(new("gzip"));
        using var response = await host.Client.SendAsync(request);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        var compressed = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(plain, BatchSamples.Gunzip(compressed));
        Assert.InRange(compressed.Length, 1_000, maxBytes);
        Assert.Equal("text/javascript", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("public, max-age=3600", response.Headers.CacheControl!.ToString());
        Assert.Equal(
            ("nosniff", "cross-origin", "*"),
            (Single(response, "X-Content-Type-Options"), Single(response, "Cross-Origin-Resource-Policy"),
            Single(response, "Access-Control-Allow-Origin")));
        using var again = new HttpRequestMessage(HttpMethod.Get, name);
        again.Headers.AcceptEncoding.Add(new("gzip"));
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await host.Client.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task TagHelper_Defaults_RendersTheScriptTag()
    {
        await using var host = await IngestHost.StartAsync();
        var html = Render(host, _ => { }, new TagHelperAttribute("nonce", "abc"));
        Assert.Equal(
            $"<script nonce=\"abc\" async src=\"/base/session-replay/recorder.js?v={RecorderScripts.Version}\" data-write-key=\"{IngestHost.Key}\" data-endpoint=\"/base/session-replay\"></script>", html);
    }

    [Fact]
    public async Task Component_SameValues_RendersWhatTheTagHelperRenders()
    {
        await using var host = await IngestHost.StartAsync();
        var helper = Render(
            host,
            tag =>
            {
                (tag.WriteKey, tag.Consent, tag.SampleRate, tag.MaskAllText) = ("wk_x", "required", 0.5, true);
                (tag.UserId, tag.UserEmail, tag.UserName, tag.AppVersion) = ("7", "a@example.org", "\"><script>alert(1)</script>", "2");
            },
            new TagHelperAttribute("nonce", "abc"));

        var component = await RenderComponentAsync(host, new()
        {
            ["WriteKey"] = "wk_x", ["Consent"] = "required", ["SampleRate"] = 0.5, ["MaskAllText"] = true,
            ["UserId"] = "7", ["UserEmail"] = "a@example.org", ["UserName"] = "\"><script>alert(1)</script>", ["AppVersion"] = "2",
            ["nonce"] = "abc",
        });

        Assert.Equal(Attributes(helper), Attributes(component));
        Assert.DoesNotContain("<script>alert", component, StringComparison.Ordinal);
        Assert.Contains($"data-write-key=\"{IngestHost.Key}\"", await RenderComponentAsync(host, []), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TagHelper_UserText_IsEncoded()
    {
        await using var host = await IngestHost.StartAsync();
        var html = Render(host, tag =>
        {
            (tag.WriteKey, tag.Consent, tag.SampleRate, tag.MaskAllText) = ("wk_x", "required", 0.5, true);
            (tag.UserId, tag.UserName) = ("7", "\"><script>alert(1)</script>");
        });
        Assert.Contains("data-write-key=\"wk_x\"", html, StringComparison.Ordinal);
        Assert.Contains(
            "data-consent=\"required\" data-sample-rate=\"0.5\" data-mask-all-text=\"true\" data-user-id=\"7\"", html,
            StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    private static string Single(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static string Render(IngestHost host, Action<SessionReplayRecorderTagHelper> configure, params TagHelperAttribute[] attributes)
    {
        var http = new DefaultHttpContext { RequestServices = host.Services };
        http.Request.PathBase = "/base";
        var tag = new SessionReplayRecorderTagHelper { ViewContext = new ViewContext { HttpContext = http } };
        configure(tag);
        var output = new TagHelperOutput(
            "session-replay-recorder", new TagHelperAttributeList(attributes),
            (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));
        tag.Process(new TagHelperContext([], new Dictionary<object, object>(), "1"), output);
        using var writer = new StringWriter();
        output.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return writer.ToString();
    }

    private static async Task<string> RenderComponentAsync(IngestHost host, Dictionary<string, object?> parameters)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<NavigationManager>(new BaseNavigation());
        services.AddSingleton(host.Services.GetRequiredService<SessionReplayLocation>())
            .AddSingleton(host.Services.GetRequiredService<IReadOnlyList<TenantOptions>>());
        await using var provider = services.BuildServiceProvider();
        await using var renderer = new HtmlRenderer(provider, provider.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(
            async () =>
                (await renderer.RenderComponentAsync<SessionReplayRecorder>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    /// <summary>The attributes of a tag in the order of their names.</summary>
    private static IEnumerable<string> Attributes(string tag) =>
        Regex.Matches(WebUtility.HtmlDecode(tag), " (?<attribute>[a-z-]+(?:=\"[^\"]*\")?)").Select(match => match.Groups["attribute"].Value)
            .Order();

    private sealed class BaseNavigation : NavigationManager
    {
        public BaseNavigation() => Initialize("https://app.example/base/", "https://app.example/base/page");
    }
}
