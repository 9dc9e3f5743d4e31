using Microsoft.Extensions.Time.Testing;
using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Connections;

public sealed class ReconnectBackoffTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ReconnectBackoff _backoff;

    public ReconnectBackoffTests() => _backoff = new ReconnectBackoff(_time);

    [Fact]
    public void CountFailure_AgainAndAgain_DelaysGrowToTheMaximum()
    {
        var delays = Enumerable.Range(0, 12).Select(_ => _backoff.CountFailure(new IOException())).ToList();

        Assert.InRange(delays[0], TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(100));
        Assert.InRange(delays[^1], ReconnectBackoff.MaxDelay / 2, ReconnectBackoff.MaxDelay);
    }

    [Fact]
    public void Failure_DelayPasses_AllowsTheNextTry()
    {
        var failure = new IOException();
        Assert.Null(_backoff.Failure);

        var delay = _backoff.CountFailure(failure);

        Assert.Same(failure, _backoff.Failure);
        _time.Advance(delay);
        Assert.Null(_backoff.Failure);
    }

    [Fact]
    public void CountSuccess_AfterFailures_BeginsAtTheShortestDelay()
    {
        for (var i = 0; i < 10; i++)
        {
            _backoff.CountFailure(new IOException());
        }

        _backoff.CountSuccess();

        Assert.Null(_backoff.Failure);
        Assert.InRange(_backoff.CountFailure(new IOException()), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public void CountEnd_ConnectionsEndAtOnce_DelaysTheSecondAndNotTheFirst()
    {
        _backoff.CountSuccess();
        _backoff.CountEnd();
        Assert.Null(_backoff.Failure);

        _backoff.CountSuccess();
        _backoff.CountEnd();
        Assert.NotNull(_backoff.Failure);
    }

    [Fact]
    public void CountEnd_ConnectionLasted_DelaysNothing()
    {
        for (var i = 0; i < 3; i++)
        {
            _backoff.CountSuccess();
            _time.Advance(ReconnectBackoff.MaxDelay);
            _backoff.CountEnd();
            Assert.Null(_backoff.Failure);
        }
    }
}
