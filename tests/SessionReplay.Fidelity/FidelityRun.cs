using System.Text.Json;
using Microsoft.Playwright;
using SessionReplay.Testing;

namespace SessionReplay.Fidelity;

/// <summary>Records and replays the pages, several at a time, in one browser and one application.</summary>
public sealed class FidelityRun : IAsyncLifetime
{
    /// <summary>The size of a visitor's window.</summary>
    public const int Width = 640;

    public const int Height = 480;

    private const int AtOnce = 6;

    /// <summary>
    /// For work on the scripts: a folder with recorder.js, recorder.worker.js and session-replay-player.js, instead of those that are built
    /// in.
    /// </summary>
    private static readonly string? Bundles = Environment.GetEnvironmentVariable("FIDELITY_BUNDLES");

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<IReadOnlyList<Finding>>> _runs = [];
    private Queue<FidelityPage>? _next;
    private int _running;
    private readonly SemaphoreSlim _comparing = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowserContext? _viewers;
    private IPage? _scales;
    private Site? _site;

    public async Task InitializeAsync()
    {
        // The build of Chromium without windows: the same engine for a third of the processor.
        var program = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium-headless-shell";
        Peer.Require(program, "apt-get install -y chromium-headless-shell");
        _site = await Site.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                "--autoplay-policy=no-user-gesture-required",
            ],
            Timeout = 120_000,
        });
        _viewers = await NewContextAsync(1200, 760);
        _scales = await _viewers.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        // A run that nobody has waited for ends before what it runs on.
        lock (_gate)
        {
            _next?.Clear();
        }

        await Task.WhenAll(_runs.Values).ContinueWith(_ => { }, TaskScheduler.Default);
        await (_browser?.CloseAsync() ?? Task.CompletedTask);
        _playwright?.Dispose();
        await (_site?.DisposeAsync() ?? ValueTask.CompletedTask);
        _comparing.Dispose();
    }

    /// <summary>
    /// Gives what differs in a page's replay. The others run beside it, and go on while it takes long; a page that is asked for does not
    /// wait for them.
    /// </summary>
    internal Task<IReadOnlyList<Finding>> FindAsync(FidelityPage page, IReadOnlyList<FidelityPage> selected)
    {
        lock (_gate)
        {
            _next ??= new(selected);
            var run = Begin(page);
            FillPlaces();
            return run;
        }
    }

    private void FillPlaces()
    {
        while (_running < AtOnce && _next!.TryDequeue(out var page))
        {
            _ = Begin(page);
        }
    }

    private Task<IReadOnlyList<Finding>> Begin(FidelityPage page)
    {
        if (!_runs.TryGetValue(page.Path, out var run))
        {
            _running++;
            _runs.Add(page.Path, run = Task.Run(() => RunAsync(page)));
        }

        return run;
    }

    private async Task<IReadOnlyList<Finding>> RunAsync(FidelityPage page)
    {
        try
        {
            var (live, recording) = await RecordAsync(page);
            if (recording is null)
            {
                return [.. from mode in Replay.Modes from aspect in Picture.Aspects select new Finding(
                    mode, aspect, 0, ["the page is not recorded"])];
            }

            var moments = live.Select(picture => recording.MomentOf(picture.Time)).ToList();
            var tab = await _viewers!.NewPageAsync();
            var viewing = new Viewing(tab);
            await viewing.OpenAsync(Site.PlayerPath(recording.Session));
            var seeks = new List<Picture>();
            for (var i = 0; i < live.Count; i++)
            {
                seeks.Add(await viewing.SeekAsync(moments[i], picture => AreAlikeAsync(live[i], picture)));
            }

            var plays = new List<Picture>();
            for (var i = 0; i < live.Count; i++)
            {
                plays.Add(await viewing.PlayAsync(
                    i == 0 ? 0 : moments[i - 1],
                    moments[i],
                    async picture => await AreAlikeAsync(live[i], picture) || await AreAlikeAsync(seeks[i], picture)));
            }

            await tab.CloseAsync();
            return [.. await CompareAsync(Replay.Seek, live, seeks), .. await CompareAsync(Replay.Play, live, plays)];
        }
        finally
        {
            lock (_gate)
            {
                _running--;
                FillPlaces();
            }
        }
    }

    private async Task<IBrowserContext> NewContextAsync(int width, int height)
    {
        var context =
            await _browser!.NewContextAsync(new() { BaseURL = _site!.Url, ViewportSize = new() { Width = width, Height = height } });
        context.SetDefaultTimeout(60_000);
        if (Bundles is not null)
        {
            await context.RouteAsync(
                "**/session-replay/*.js*",
                route =>
                    route.FulfillAsync(new() { Path = Path.Combine(Bundles, Path.GetFileName(new Uri(route.Request.Url).LocalPath)) }));
            // The page names the hash of the script that is built in.
            await context.RouteAsync("**/session-replay/tenants/*/sessions/*", static async route =>
            {
                var answer = await route.FetchAsync();
                await route.FulfillAsync(
                    new() { Response = answer,
                        Body = (await answer.TextAsync()).Replace("integrity=", "data-integrity=", StringComparison.Ordinal) });
            });
        }

        return context;
    }

    private async Task<(IReadOnlyList<Picture> Live, Recording? Recording)> RecordAsync(FidelityPage page)
    {
        await using var visitor = await NewContextAsync(Width, Height);
        var (session, live) = await new Visit(await visitor.NewPageAsync(), page, _site!).MakeAsync();
        // What the page sends while it goes would end with the browser's context.
        return (live, await _site!.WaitForRecordingAsync(session));
    }

    private async Task<List<Finding>> CompareAsync(string mode, IReadOnlyList<Picture> live, IReadOnlyList<Picture> replay)
    {
        var findings = new List<Finding>();
        for (var moment = 0; moment < live.Count; moment++)
        {
            foreach (var aspect in Picture.Aspects[..3])
            {
                var differences = live[moment].Differences(replay[moment], aspect).ToList();
                if (differences.Count > 0)
                {
                    findings.Add(new(mode, aspect, moment, differences));
                }
            }

            if (await ComparePixelsAsync(live[moment].Pixels, replay[moment].Pixels) is { } difference)
            {
                findings.Add(new(mode, Picture.PixelAspect, moment, [difference]));
            }
        }

        return findings;
    }

    private async Task<bool> AreAlikeAsync(Picture one, Picture other) =>
        !Picture.Aspects[..3].Any(aspect => one.Differences(other, aspect).Any())
        && await ComparePixelsAsync(one.Pixels, other.Pixels) is null;

    /// <summary>Single pixels differ where a caret or an edge is drawn between two pixels.</summary>
    private async Task<string?> ComparePixelsAsync(byte[] live, byte[] replay)
    {
        if (live.AsSpan().SequenceEqual(replay))
        {
            return null;
        }

        await _comparing.WaitAsync();
        try
        {
            var result =
                await _scales!.EvaluateAsync<JsonElement>(
                    Script.Pixels, new[] { Convert.ToBase64String(live), Convert.ToBase64String(replay) });
            var share = result.GetProperty("share").GetDouble();
            return share < 0.0002 ? null : $"{share:P2} of the pixels, within {result.GetProperty("box").GetString()}";
        }
        finally
        {
            _comparing.Release();
        }
    }
}
