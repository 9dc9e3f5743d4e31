using SessionReplay.AspNetCore.Playback;

namespace SessionReplay.AspNetCore.Tests.Playback;

public sealed class MarkerSelectionTests
{
    [Fact]
    public void Keep_TooMany_KeepsTheRareAndThinsTheCommonOverTheWholeSession()
    {
        var markers = Enumerable.Range(0, 1_000).Select(i => new MarkerJson(i, "w", "click", string.Empty))
            .Append(new MarkerJson(999, "w", "error", "x")).ToList();

        var kept = MarkerSelection.Keep(markers, 11);

        Assert.Equal(11, kept.Count);
        Assert.Single(kept, m => m.Kind == "error");
        Assert.Equal([0L, 100, 200, 300, 400, 500, 600, 700, 800, 900], kept.Where(m => m.Kind == "click").Select(m => m.Time));
    }

    [Fact]
    public void Keep_Few_KeepsAll() =>
        Assert.Equal(
            3, MarkerSelection.Keep([.. Enumerable.Range(0, 3).Select(i => new MarkerJson(i, "w", "click", string.Empty))], 3).Count);
}
