using System.Text.Json;
using Microsoft.Playwright;

namespace SessionReplay.Fidelity;

/// <summary>The console's page of one session, with the player in its own size.</summary>
internal sealed class Viewing(IPage page)
{
    // The replay without what the player puts over it, one pixel for one of the page.
    private const string Bare = """
        (player) => {
          // The policies of the console and of the stage let no style element in.
          const style = (root, { CSSStyleSheet: Sheet }, css) => {
            const sheet = new Sheet();
            sheet.replaceSync(css);
            root.adoptedStyleSheets.push(sheet);
          };
          const stage = player.replayDocument.defaultView.parent;
          style(player.renderRoot, window, `.frame { left: 0 !important; top: 0 !important; transform: none !important; box-shadow: none !important }
            .chips, .overlay { display: none !important }`);
          style(stage.document, stage, '.replayer-mouse, .replayer-mouse-tail { display: none !important }');
          // Pages that nobody touches are inactive all the time.
          player.toggleSkip();
          const { x, y } = player.renderRoot.querySelector('.stage').getBoundingClientRect();
          return [x, y];
        }
        """;

    // Plays until the playhead has passed the moment, or stands at the end, before which the moment may lie, or nothing has moved for long.
    private const string PlayTo = """
        (player, moment) => new Promise((resolve) => {
          const end = performance.now() + 20_000;
          player.play();
          (function look() {
            if (player.currentTime >= moment || player.currentTime >= player.duration || performance.now() > end) {
              player.pause();
              resolve();
            } else {
              requestAnimationFrame(look);
            }
          })();
        })
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private Clip _clip = new();

    private ILocator Player => page.Locator("session-replay-player").First;

    public async Task OpenAsync(string path)
    {
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Commit });
        await Player.WaitForAsync();
        await page.WaitForFunctionAsync("(player) => Boolean(player.replayDocument?.documentElement)", await Player.ElementHandleAsync());
        var corner = await Player.EvaluateAsync<float[]>(Bare);
        _clip = new Clip { X = corner[0], Y = corner[1], Width = FidelityRun.Width, Height = FidelityRun.Height };
    }

    /// <summary>Shows a moment by a seek. What is drawn late gets the time for that.</summary>
    public async Task<Picture> SeekAsync(double moment, Func<Picture, Task<bool>> isExpected)
    {
        await Player.EvaluateAsync("(player, moment) => player.seek(moment)", moment);
        var picture = await TakeAsync();
        if (!await isExpected(picture))
        {
            await page.WaitForTimeoutAsync(500);
            picture = await TakeAsync();
        }

        return picture;
    }

    /// <summary>
    /// Plays to a moment, and pauses there. The replay goes on with the frames that the machine draws, and passes moments by on a busy one:
    /// what is not as expected is played again, more slowly.
    /// </summary>
    public async Task<Picture> PlayAsync(double from, double moment, Func<Picture, Task<bool>> isExpected)
    {
        var end = DateTime.UtcNow + Patience;
        for (var speed = 1.0; ; speed = Math.Max(speed / 2, 0.125))
        {
            // The first time, it goes on from the moment before.
            if (speed < 1 || from == 0)
            {
                await Player.EvaluateAsync(
                    "(player, [from, speed]) => { player.speed = speed; return player.seek(from); }", new[] { from, speed });
            }

            await Player.EvaluateAsync(PlayTo, moment);
            var picture = await TakeAsync();
            if (await isExpected(picture) || DateTime.UtcNow > end)
            {
                return picture;
            }
        }
    }

    private async Task<Picture> TakeAsync()
    {
        var captured = await Player.EvaluateAsync<JsonElement>(
            $"async (player) => {{ await ({Script.Loaded})(player.replayDocument); return ({Script.Picture})(player.replayDocument); }}");
        return Picture.Of(captured, await page.ScreenshotAsync(new() { Clip = _clip }));
    }
}
