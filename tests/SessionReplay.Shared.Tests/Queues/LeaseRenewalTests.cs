using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Queues;
using SessionReplay.Testing;

namespace SessionReplay.Shared.Tests.Queues;

public sealed class LeaseRenewalTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _time = new();
    private int _rounds;

    [Fact]
    public async Task Renewal_TimePasses_RunsARoundEachInterval()
    {
        await using var renewal = Create(() => Task.CompletedTask);
        _time.Advance(Interval - TimeSpan.FromSeconds(1));
        Assert.Equal(0, _rounds);

        for (var expected = 1; expected <= 3; expected++)
        {
            _time.Advance(Interval);
            Assert.Equal(expected, _rounds);
        }
    }

    [Fact]
    public async Task Renewal_RoundStillRuns_LeavesOutTheNextOnes()
    {
        var slow = new TaskCompletionSource();
        await using var renewal = Create(() => slow.Task);
        _time.Advance(3 * Interval);
        Assert.Equal(1, _rounds);

        slow.SetResult();
        await FakeBroker.UntilAsync(() =>
        {
            _time.Advance(Interval);
            return _rounds > 1;
        });
    }

    [Fact]
    public async Task Renewal_RoundFails_IsLoggedAndTheNextOneRuns()
    {
        var log = new LogTail<LeaseRenewalTests>();
        await using var renewal = new LeaseRenewal(
            Interval,
            () =>
            {
                _rounds++;
                throw new IOException("away");
            },
            _time,
            log);
        _time.Advance(Interval);
        _time.Advance(Interval);

        Assert.Equal(2, _rounds);
        Assert.Contains("away", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_TimePasses_RunsNothingMore()
    {
        var renewal = Create(() => Task.CompletedTask);
        _time.Advance(Interval);
        await renewal.DisposeAsync();
        renewal.Dispose();
        _time.Advance(5 * Interval);

        Assert.Equal(1, _rounds);
    }

    private LeaseRenewal Create(Func<Task> renew) => new(
        Interval,
        () =>
        {
            Interlocked.Increment(ref _rounds);
            return renew();
        },
        _time,
        NullLogger.Instance);
}
