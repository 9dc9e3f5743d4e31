using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace SessionReplay.GuideTests;

/// <summary>Somebody with a browser: a visitor whose session is recorded, or a viewer. What the browser complains of is kept.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private int _sent;
    private int _answered;

    private Visitor(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Keep(message.Type is "error" or "warning" ? $"{message.Text} ({message.Location})" : null);
        page.PageError += (_, error) => Keep(error);
        context.Request += (_, request) => _ = IsBatch(request) ? Interlocked.Increment(ref _sent) : 0;
        context.RequestFinished += (_, request) => _ = IsBatch(request) ? Interlocked.Increment(ref _answered) : 0;
        context.RequestFailed += (_, request) => _ = IsBatch(request) ? Interlocked.Increment(ref _answered) : 0;
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the browser's console, and errors of scripts.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
            {
                return [.. _complaints];
            }
        }
    }

    public static async Task<Visitor> ComeAsync(string url)
    {
        var context = await (await Workshop.GetAsync()).Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = url,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        context.SetDefaultTimeout(60_000);
        return new Visitor(context, await context.NewPageAsync());
    }

    /// <summary>Opens a page and waits until it is recorded.</summary>
    public async Task OpenAsync(string path)
    {
        await Page.GotoAsync(path);
        await WaitUntilRecordedAsync();
    }

    public Task WaitUntilRecordedAsync() => Page.WaitForFunctionAsync("() => Boolean(window.SessionReplay?.current()?.sessionId)");

    /// <summary>Leaves the site once the recorder has sent what it has.</summary>
    public Task LeaveAsync() => LeaveAfterAsync(
        () => Page.EvaluateAsync("() => { window.SessionReplay.current().track('left'); window.SessionReplay.current().flush(); }"));

    /// <summary>
    /// Does a last thing, and leaves the site once it was sent: a browser that ends at once would break off what the recorder sends on
    /// leaving.
    /// </summary>
    public async Task LeaveAfterAsync(Func<Task> last)
    {
        var before = _sent;
        await last();
        await WaitUntilSentAsync(before);
        await Page.GotoAsync("about:blank");
        await WaitUntilSentAsync(before);
    }

    /// <summary>Waits until batches were sent, and all of them answered.</summary>
    /// <param name="before">How many had been sent at a moment before.</param>
    public async Task WaitUntilSentAsync(int before = 0)
    {
        for (var (i, quiet) = (0, 0); i < 300 && quiet < 3; i++)
        {
            await Page.WaitForTimeoutAsync(100);
            quiet = _sent > before && _answered >= _sent ? quiet + 1 : 0;
        }
    }

    private static bool IsBatch(IRequest request) => request.Url.Contains("/v1/batches", StringComparison.Ordinal);

    /// <summary>Opens the console, opens the newest session in its list, and waits until the player shows a text.</summary>
    /// <param name="console">The path of the console.</param>
    /// <param name="text">A text of the recorded page.</param>
    public async Task PlayAsync(string console, string text)
    {
        var session = Page.Locator("session-replay-list a[href*='/sessions/']").First;
        for (var i = 0; i < 30; i++)
        {
            await Page.GotoAsync(console);
            try
            {
                await session.WaitForAsync(new() { Timeout = 2_000 });
                break;
            }
            catch (TimeoutException)
            {
                // The session is on its way, and the list shows what was there when it opened.
            }
        }

        await session.ClickAsync();
        await Expect(Page.Locator("session-replay-player")).ToBeVisibleAsync();
        var player = await Page.Locator("session-replay-player").ElementHandleAsync();
        for (var i = 1; ; i++)
        {
            try
            {
                await Page.WaitForFunctionAsync(
                    "([player, text]) => player.replayDocument?.body?.innerText.includes(text)", new object[] { player, text },
                    new() { Timeout = 10_000 });
                return;
            }
            catch (TimeoutException) when (i < 6)
            {
                // A page that was visited for a moment is shown for a moment: on a busy machine it was over before anybody looked.
                await Page.EvaluateAsync("async (player) => { await player.seek(0); player.play(); }", player);
            }
        }
    }

    /// <summary>Evaluates a function of the replayed document.</summary>
    public Task<T> ReadReplayAsync<T>(string function) =>
        Page.Locator("session-replay-player").EvaluateAsync<T>($"(player) => ({function})(player.replayDocument)");

    /// <summary>Waits until a condition of the replayed document holds.</summary>
    public async Task WaitForReplayAsync(string condition)
    {
        var player = await Page.Locator("session-replay-player").ElementHandleAsync();
        await Page.WaitForFunctionAsync($"(player) => ({condition})(player.replayDocument)", player);
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    private void Keep(string? complaint)
    {
        // Templates have no icon for every page, and browsers ask for one.
        if (complaint is not null && !complaint.Contains("favicon", StringComparison.Ordinal))
        {
            lock (_complaints)
            {
                _complaints.Add(complaint);
            }
        }
    }
}
