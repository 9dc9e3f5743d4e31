using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

public sealed class ClaimHeartbeatTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ISessionLifecycle _lifecycle = Substitute.For<ISessionLifecycle>();
    private readonly List<DateTimeOffset> _renewals = [];
    private readonly CompactionClaim _claim = new(
        new SessionRow
        {
            Session = new(new("shop"), BatchSamples.NewSession()), SessionStarted = 1, StartedAt = 1, LastActivityAt = 1,
            LastReceivedAt = 1, Totals = new(),
        },
        3);

    [Fact]
    public async Task Beat_WhileTheClaimIsHeld_RenewsItAndTheWorkGoesOn()
    {
        Answer(() => true);
        await using var heartbeat = ClaimHeartbeat.Start(_lifecycle, _claim, _clock, NullLogger.Instance, default);

        for (var beat = 1; beat <= 4; beat++)
        {
            await BeatAsync(beat);
            // Before the claim would run out.
            Assert.True(ClaimHeartbeat.Interval * 2 < ClaimHeartbeat.ClaimTime);
            Assert.Equal(_clock.GetUtcNow() + ClaimHeartbeat.ClaimTime, _renewals[^1]);
        }

        Assert.False(heartbeat.IsLost);
        Assert.False(heartbeat.Held.IsCancellationRequested);
    }

    [Fact]
    public async Task Beat_AnotherTookOver_EndsTheWork()
    {
        Answer(() => false);
        await using var heartbeat = ClaimHeartbeat.Start(_lifecycle, _claim, _clock, NullLogger.Instance, default);

        await BeatAsync(1);

        await FullHost.WaitAsync(() => Task.FromResult(heartbeat.Held.IsCancellationRequested), "the end of the work");
        Assert.True(heartbeat.IsLost);
    }

    [Fact]
    public async Task Beat_CatalogIsAway_GoesOnWithTheNext()
    {
        var beats = 0;
        Answer(() => ++beats == 1 ? throw new CatalogUnavailableException("away") : true);
        await using var heartbeat = ClaimHeartbeat.Start(_lifecycle, _claim, _clock, NullLogger.Instance, default);

        await BeatAsync(1);
        await BeatAsync(2);

        Assert.False(heartbeat.Held.IsCancellationRequested);
    }

    [Fact]
    public async Task Dispose_BetweenBeats_Ends()
    {
        Answer(() => true);
        using var stopping = new CancellationTokenSource();
        var heartbeat = ClaimHeartbeat.Start(_lifecycle, _claim, _clock, NullLogger.Instance, stopping.Token);
        var held = heartbeat.Held;

        await stopping.CancelAsync();
        Assert.True(held.IsCancellationRequested);
        Assert.False(heartbeat.IsLost);
        await heartbeat.DisposeAsync();

        _clock.Advance(ClaimHeartbeat.ClaimTime);
        Assert.Empty(_renewals);
    }

    private void Answer(Func<bool> answer) => _lifecycle.RenewClaimAsync(_claim, default, default).ReturnsForAnyArgs(call =>
    {
        lock (_renewals)
        {
            _renewals.Add(call.ArgAt<DateTimeOffset>(1));
        }

        return ValueTask.FromResult(answer());
    });

    private async Task BeatAsync(int count)
    {
        _clock.Advance(ClaimHeartbeat.Interval);
        await FullHost.WaitAsync(
            () =>
            {
                lock (_renewals)
                {
                    return Task.FromResult(_renewals.Count == count);
                }
            },
            $"renewal {count}");
    }
}
