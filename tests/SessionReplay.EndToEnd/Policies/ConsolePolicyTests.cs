using Microsoft.AspNetCore.Http;
using SessionReplay.Player;
using SessionReplay.Testing;

namespace SessionReplay.EndToEnd.Policies;

/// <summary>The console under the policies of strict applications, in a browser that enforces them.</summary>
public sealed class ConsolePolicyTests : IAsyncLifetime
{
    private Chromium _chromium = null!;
    private StrictSite _site = null!;

    private static readonly Dictionary<string, string> Policies = new()
    {
        ["self"] = "default-src 'self'",
        ["self, trusted types"] = "default-src 'self'; require-trusted-types-for 'script'",
        ["nonce"] =
            "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'nonce-{nonce}'; object-src 'none'; base-uri 'none'",
        ["nonce, nothing else by default"] =
            "default-src 'none'; script-src-elem 'nonce-{nonce}'; worker-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html session-replay-player",
        ["hash"] = "default-src 'self'; script-src '{hash}'; worker-src 'self'; style-src 'none'",
        ["no frames of this site elsewhere"] = "default-src 'self'; frame-ancestors 'none'",
        ["two policies"] = "default-src 'self', script-src 'self' 'nonce-{nonce}'",
    };

    private static IEnumerable<(string Name, string Way)> Cases =>
    [
        .. Policies.Keys.Select(static name => (name, "OnStarting")),
        ("self, trusted types", "OnStarting, appended"), ("self", "middleware"), ("nonce", "middleware"), ("hash", "middleware"),
    ];

    public async Task InitializeAsync()
    {
        Peer.Require("/usr/bin/chromium", "apt-get install -y chromium");
        _site = await StrictSite.StartAsync();
        _chromium = await Chromium.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Console_UnderAnyStrictPolicy_ShowsTheListAndTheRecordedPageWithoutAWordInTheBrowsersConsole()
    {
        var session = await RecordAsync();
        // One visit, many policies: a browser and a recording for each would take minutes.
        foreach (var (name, way) in Cases)
        {
            Use(Policies[name], way);
            await using var viewer = await _chromium.NewVisitorAsync(_site.Url);
            var page = await viewer.NewPageAsync();
            List<string> said = [];
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                {
                    said.Add(message.Text);
                }
            };
            page.PageError += (_, error) => said.Add(error);

            await page.GotoAsync(ReplayApi.Prefix);
            await page.Locator($"a[href*='{session}']").First.WaitForAsync();
            Assert.Equal("12px", await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('h1')).paddingTop"));
            var player = await PlayerPage.OpenAsync(page, session);
            await player.EvaluateAsync("(player) => player.seek(player.duration)");
            await player.WaitAsync("(player) => player.replayDocument?.querySelector('img')?.naturalWidth === 1");
            await player.WaitAsync(
                "(player) => player.replayDocument.querySelector('iframe').contentDocument.querySelector('b')?.textContent === 'framed'");
            var shown = await player.EvaluateAsync(Styles);

            Assert.True(shown.ToString() == Expected, $"{name}, {way}: {shown}\n{string.Join('\n', said)}");
            Assert.True(said.Count == 0, $"{name}, {way}: {string.Join('\n', said)}");
            Assert.True(
                await page.EvaluateAsync<bool>(
                    "() => document.querySelector('session-replay-player').getBoundingClientRect().height === innerHeight"),
                    $"{name}, {way}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReplayFrame_WhateverTheApplicationSets_HasItsOwnPolicyAlone(bool isOnStarting)
    {
        _site.IsOnStarting = isOnStarting;
        _site.Headers = static (response, _) =>
        {
            response.Headers.Append("Content-Security-Policy", "default-src 'self'");
            response.Headers["Content-Security-Policy-Report-Only"] = "default-src 'none'; report-uri /reports";
            response.Headers.XFrameOptions = "DENY";
        };

        using var answer = await _site.Http.GetAsync($"{ReplayApi.Prefix}/api/replay-frame");

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; img-src data: blob:;", policy, StringComparison.Ordinal);
        Assert.EndsWith("; sandbox allow-same-origin; frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Content-Security-Policy-Report-Only"));
        Assert.Equal("SAMEORIGIN", answer.Headers.GetValues("X-Frame-Options").Single());
    }

    [Fact]
    public async Task AnyOtherAddress_ThatEndsAsTheFramesDoes_KeepsTheApplicationsPolicy()
    {
        Use("default-src 'self'", "OnStarting");

        using var answer = await _site.Http.GetAsync("/page-of/api/replay-frame");

        Assert.Equal("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single());
    }

    private async Task<string> RecordAsync()
    {
        await using var visitor = await _chromium.NewVisitorAsync(_site.Url);
        var page = await visitor.NewPageAsync();
        await page.GotoAsync("/page");
        await page.EvaluateAsync("() => window.SessionReplay.current().track('whole')");
        var session = await new ReplayApi(_site.Http).WaitForSessionAsync("event=whole", static _ => true, "the whole page");
        return session.GetProperty("id").GetString()!;
    }

    private const string Styles =
        """
        (player) => {
          const document = player.replayDocument;
          const style = (element) => element.ownerDocument.defaultView.getComputedStyle(element);
          return [style(document.querySelector('h1')).color, style(document.querySelector('p')).marginTop, style(document.querySelector('p')).color,
            style(document.querySelector('iframe').contentDocument.querySelector('b')).color].join(' ');
        }
        """;

    private const string Expected = "rgb(1, 2, 3) 7px rgb(4, 5, 6) rgb(7, 8, 9)";

    private void Use(string policy, string way)
    {
        _site.IsOnStarting = way.StartsWith("OnStarting", StringComparison.Ordinal);
        _site.Headers = (response, nonce) =>
        {
            var value = policy.Replace("{nonce}", nonce, StringComparison.Ordinal)
                .Replace("{hash}", PlayerAssets.ScriptIntegrity, StringComparison.Ordinal);
            response.Headers.XFrameOptions = "DENY";
            if (way.EndsWith("appended", StringComparison.Ordinal))
            {
                response.Headers.Append("Content-Security-Policy", value);
            }
            else
            {
                response.Headers.ContentSecurityPolicy = value;
            }
        };
    }
}
