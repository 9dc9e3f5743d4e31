using System.Collections.Concurrent;
using Microsoft.Playwright;
using SessionReplay.PackageTests;
using SessionReplay.Testing;

namespace SessionReplay.GuideTests;

/// <summary>
/// What all tests share: the packed packages, NuGet's settings for applications that use them, and one browser. It lives as long as the
/// test run.
/// </summary>
internal sealed class Workshop
{
    private static readonly Lazy<Task<Workshop>> Shared = new(OpenAsync);

    private readonly TempFolder _folder = new();
    private readonly ConcurrentBag<IDisposable> _kept = [];

    private Workshop(Feed feed, IBrowser browser)
    {
        (Feed, Browser) = (feed, browser);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Close();
    }

    public Feed Feed { get; }

    public IBrowser Browser { get; }

    public static Task<Workshop> GetAsync() => Shared.Value;

    /// <summary>Makes a folder for applications: packages come from the feed, and from the machine's sources what the feed lacks.</summary>
    public TempFolder NewFolder()
    {
        var machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var folder = new TempFolder();
        File.WriteAllText(
            folder.File("nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{_folder.File("packages")}" /></config>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
              <packageSources><add key="session-replay" value="{Feed.FullPath}" /></packageSources>
            </configuration>
            """);
        return folder;
    }

    /// <summary>Disposes of something at the end of the test run.</summary>
    public void Keep(IDisposable something) => _kept.Add(something);

    private static async Task<Workshop> OpenAsync()
    {
        // The build of Chromium without windows: the same engine for a third of the processor. EndToEnd runs in the whole browser.
        const string Program = "/usr/bin/chromium-headless-shell";
        Peer.Require(Program, "apt-get install -y chromium-headless-shell");
        Assertions.SetDefaultExpectTimeout(60_000);
        var feed = new Feed();
        var packed = feed.InitializeAsync();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
            Timeout = 120_000,
        });
        await packed;
        return new Workshop(feed, browser);
    }

    private void Close()
    {
        foreach (var kept in _kept)
        {
            kept.Dispose();
        }

        _folder.Dispose();
        Feed.DisposeAsync().GetAwaiter().GetResult();
    }
}
