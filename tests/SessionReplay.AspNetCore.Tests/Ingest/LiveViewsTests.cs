using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class LiveViewsTests
{
    private readonly SessionRef _session = new(new("shop"), BatchSamples.NewSession());
    private readonly FakeTimeProvider _clock = new();
    private readonly LiveViews _views;

    public LiveViewsTests() => _views = new(_clock);

    [Fact]
    public void IsWatched_ViewerHasGone_EndsAfterAWhile()
    {
        Assert.False(_views.IsWatched(_session));
        _views.Note(_session);
        _clock.Advance(TimeSpan.FromSeconds(14));
        Assert.True(_views.IsWatched(_session));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_views.IsWatched(_session));
    }

    [Fact]
    public void Note_Often_IsSharedEveryFiveSeconds()
    {
        var shared = 0;
        for (var i = 0; i < 48; i++)
        {
            _views.Note(_session);
            shared += _views.ToShare.TryRead(out _) ? 1 : 0;
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        Assert.Equal(3, shared);
    }

    [Fact]
    public void Note_NobodyTakesWhatToShare_KeepsNoMoreThanItsBound()
    {
        for (var i = 0; i < 10_100; i++)
        {
            _views.Note(_session with { Session = BatchSamples.NewSession() });
        }

        Assert.Equal(10_000, _views.ToShare.Count);
    }

    [Fact]
    public void Learn_SessionsOfOtherProcesses_AreWatchedUntilTheNextOrAWhile()
    {
        var other = _session with { Tenant = new("other") };
        _views.Learn([_session]);
        Assert.True(_views.IsWatched(_session));
        Assert.False(_views.IsWatched(other));

        _views.Learn([other]);
        Assert.False(_views.IsWatched(_session));

        // The catalog cannot be read any more.
        _clock.Advance(TimeSpan.FromSeconds(15));
        Assert.False(_views.IsWatched(other));
    }
}
