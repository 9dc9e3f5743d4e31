using System.Globalization;
using System.Text.Json;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Fidelity;

/// <summary>The main paths in Firefox and in WebKit, Safari's engine: record, leave the page, list, seek, play.</summary>
public sealed class OtherBrowserTests
{
    [SkippableFact]
    public async Task MainPaths_InFirefox_Work()
    {
        Peer.Require("/usr/bin/firefox-esr", "apt-get install -y firefox-esr");
        await using var site = await Site.StartAsync();
        await VisitAsync(site, "firefox", "puppeteer-core");
    }

    [SkippableFact]
    public async Task MainPaths_InWebKit_Work()
    {
        Peer.Require("/usr/bin/WebKitWebDriver", "apt-get install -y webkit2gtk-driver");
        Peer.Require("/usr/bin/xvfb-run", "apt-get install -y xvfb");
        await using var site = await Site.StartAsync();
        using var home = new TempFolder();
        var port = FreePort.Next();
        await using var driver = ChildProcess.Start(
            "xvfb-run",
            ["-a", "/usr/bin/WebKitWebDriver", $"--port={port}", "--host=127.0.0.1"],
            new Dictionary<string, string?> { ["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1", ["HOME"] = home.FullPath },
            home.FullPath);
        await driver.WaitForPortAsync(port, TimeSpan.FromMinutes(1));
        await VisitAsync(site, "webkit", "selenium-webdriver", port.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task VisitAsync(Site site, string browser, string package, params string[] more)
    {
        NodePeers.Require(package, "package.json");
        using var home = new TempFolder();
        await using var visit = ChildProcess.Start(
            "node",
            [Path.Combine(NodePeers.Folder, "main-paths.mjs"), browser, site.Url, Site.PlayerPath("{id}"), .. more],
            new Dictionary<string, string?> { ["HOME"] = home.FullPath },
            NodePeers.Folder);
        var code = await visit.WaitForExitAsync(TimeSpan.FromMinutes(5));
        Assert.True(code == 0, visit.Output);
        var seen = JsonSerializer.Deserialize<JsonElement>(visit.Output.Trim().Split('\n')[^1]);
        var last = seen.GetProperty("typed").GetString();
        Assert.NotEqual("text", last);
        Assert.True(seen.GetProperty("listed").GetBoolean());
        Assert.Equal(last, seen.GetProperty("afterSeek").GetString());
        Assert.Equal(last, seen.GetProperty("afterPlay").GetString());
    }
}
