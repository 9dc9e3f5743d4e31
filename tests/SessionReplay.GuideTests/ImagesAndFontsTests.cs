namespace SessionReplay.GuideTests;

public sealed class ImagesAndFontsTests
{
    // A font whose one letter is a square.
    private static readonly byte[] Font = Convert.FromBase64String(
        "d09GRgABAAAAAAIgAAoAAAAAAlwAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAABPUy8yAAAA9AAAADUAAABgVktVq2NtYXAAAAEsAAAAJgAAACwADACmZ2x5ZgAAAVQAAAAfAAAASAXsCdho"
        + "ZWFkAAABdAAAACgAAAA2YQdC2WhoZWEAAAGcAAAAHgAAACQFFgGTaG10eAAAAbwAAAAIAAAACASwAABsb2NhAAABxAAAAAYAAAAGACQAEm1heHAAAAHMAAAAFwAAACAABAAFbmFtZQAA"
        + "AeQAAAAuAAAALgG8Cbxwb3N0AAACFAAAAAwAAAAgAAMAAHjaY2BhimCcwMDKQAxgROb4+fu5MjgwFDMUMyv8t2BgYFZgOAFTw/iF8QuQUmBgAADrMwecAAAAeNpjYGBgZGAGYgYGHgYW"
        + "BgUgzQKEIH7x//8Q8n8fmM8AAFGtBq8AAHjaY2BkAALGL4xfGJiBNBBA+DDyHw+IQVgNAEvnCc0AeNpjYGRgYABi4ZV2U+P5bb4yMDC/YMACGL8wfgFSHAxMIB4AvXoGEHjaY2BkYGBW"
        + "+G/BwMAUwQAEjF8YGBlQARMAQ9ACrgAAAlgAAAJYAAAAAAASACQAAHjaY2BkYGBgYmBhANEMUBIJAAABAQAKAAAAAAIAHgADAAEECQABAAIAAAADAAEECQACAA4AAgBXAFIAZQBnAHUA"
        + "bABhAHIAAHjaY2BmwAsAAH0ABA==");

    [SkippableFact]
    public async Task Guide_FollowedInRazorPages_KeepsImageAndFontUnlessTheyAreLeftOut()
    {
        using var app = await GuideApp.FollowAsync(("mvc-and-razor-pages", "razor"), ("images-and-fonts", "shop"));
        var font = Path.Combine(app.ProjectFolder, "wwwroot", "fonts", "shop.woff");
        Directory.CreateDirectory(Path.GetDirectoryName(font)!);
        await File.WriteAllBytesAsync(font, Font);
        await app.BuildAsync();
        await using var running = await RunningApp.StartAsync(app);
        await VisitAsync(running);

        var image = Path.Combine(app.ProjectFolder, "wwwroot", "images", "tent.svg");
        await File.WriteAllTextAsync(image, "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>");
        await using var viewer = await Visitor.ComeAsync(running.Url);
        await viewer.PlayAsync("/session-replay", "A tent for two");
        await viewer.WaitForReplayAsync("(page) => page.querySelector('#tent')?.naturalWidth === 240");
        await viewer.WaitForReplayAsync(
            "(page) => [...page.fonts].some((font) => font.family.includes('Shop') && font.status === 'loaded')");
        Assert.False(await viewer.ReadReplayAsync<bool>("(page) => Boolean(page.querySelector('#portrait'))"));

        await running.StopAsync();
        await app.FollowAsync("images-and-fonts", "without");
        await using var without = await RunningApp.StartAsync(app);
        var settings = await without.Http.GetStringAsync("/session-replay/v1/settings?key=shop-web");
        Assert.Contains("\"recordAssets\":false", settings, StringComparison.Ordinal);
    }

    private static async Task VisitAsync(RunningApp running)
    {
        await using var visitor = await Visitor.ComeAsync(running.Url);
        await visitor.OpenAsync("/");
        await visitor.Page.EvaluateAsync("() => document.fonts.ready");
        // The recorder asks which files the server lacks and sends those.
        await visitor.Page.WaitForTimeoutAsync(3_000);
        await visitor.LeaveAsync();
        await running.FindSessionAsync("event=left");
    }
}
