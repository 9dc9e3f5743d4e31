using System.Text.Json;
using Microsoft.Playwright;

namespace SessionReplay.Fidelity;

/// <summary>The console's page of one session, with the player in its own size.</summary>
internal sealed class Viewing(IPage page)
{
    // The replay without what the player puts over it, one pixel for one of the page.
    private const string Bare = """
        (player) => {
          const style = document.createElement('style');
          style.textContent = `.frame { left: 0 !important; top: 0 !important; transform: none !important; box-shadow: none !important }
            .chips, .overlay, .replayer-mouse, .replayer-mouse-tail { display: none !important }`;
          player.renderRoot.append(style);
          // Pages that nobody touches are inactive all the time.
          player.toggleSkip();
          const { x, y } = player.renderRoot.querySelector('.stage').getBoundingClientRect();
          return [x, y];
        }
        """;

    // Gives where the playhead stands then.
    private const string PauseAt = """
        (player, moment) => new Promise((resolve) => {
          let last = -1;
          let stood = 0;
          player.play();
          (function look() {
            const now = player.currentTime;
            stood = now === last ? stood + 1 : 0;
            last = now;
            // After the last event the playhead may stand at the end of the session.
            if (now >= moment || stood > 100) {
              player.pause();
              resolve(player.currentTime);
            } else {
              requestAnimationFrame(look);
            }
          })();
        })
        """;

    private const int Attempts = 10;
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

    /// <summary>Shows each moment by a seek.</summary>
    public async Task<IReadOnlyList<Picture>> SeekAsync(IEnumerable<double> moments)
    {
        var pictures = new List<Picture>();
        foreach (var moment in moments)
        {
            await Player.EvaluateAsync("(player, moment) => player.seek(moment)", moment);
            pictures.Add(await TakeAsync());
        }

        return pictures;
    }

    /// <summary>Plays from the start, and pauses at each moment for a picture of it.</summary>
    /// <param name="moments">The moments, and until when the page looked the same.</param>
    public async Task<IReadOnlyList<Picture>> PlayAsync(IEnumerable<(double At, double Until)> moments)
    {
        await Player.EvaluateAsync("(player) => player.seek(0)");
        var pictures = new List<Picture>();
        var before = 0.0;
        foreach (var (at, until) in moments)
        {
            // A busy machine draws few frames a second: what was passed by is played to again.
            for (var attempt = 1; await Player.EvaluateAsync<double>(PauseAt, at) >= until && attempt < Attempts; attempt++)
            {
                await Player.EvaluateAsync("(player, moment) => { player.speed = 0.5; return player.seek(moment); }", before);
            }

            pictures.Add(await TakeAsync());
            before = at;
        }

        return pictures;
    }

    private async Task<Picture> TakeAsync()
    {
        var captured = await Player.EvaluateAsync<JsonElement>($"(player) => ({Script.Picture})(player.replayDocument)");
        return Picture.Of(captured, await page.ScreenshotAsync(new() { Clip = _clip }));
    }
}
