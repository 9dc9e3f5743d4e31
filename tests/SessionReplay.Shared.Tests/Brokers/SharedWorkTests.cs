using Microsoft.Extensions.Time.Testing;
using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Brokers;

public sealed class SharedWorkTests
{
    private readonly FakeTimeProvider _time = new();
    private int _runs;

    [Fact]
    public async Task Start_ManyCallersAtOnce_RunsOnce()
    {
        var done = new TaskCompletionSource();
        var work = Create(_ => done.Task);
        var callers = Enumerable.Range(0, 10).Select(_ => work.Start()).ToList();
        done.SetResult();

        Assert.Equal(1, Assert.Single((await Task.WhenAll(callers)).Distinct()));
        Assert.Equal(1, await work.Start());
    }

    [Fact]
    public async Task Start_WorkFailed_RunsAgain()
    {
        var work = Create(_ => _runs == 1 ? throw new IOException("away") : Task.CompletedTask);

        await Assert.ThrowsAsync<IOException>(work.Start);
        Assert.Equal(2, await work.Start());
    }

    [Fact]
    public async Task Start_WorkTakesTooLong_IsCancelledAndRunsAgain()
    {
        var work = Create(end => _runs == 1 ? Task.Delay(Timeout.Infinite, end) : Task.CompletedTask);
        var first = work.Start();
        await FakeBroker.UntilAsync(() =>
        {
            _time.Advance(FakeBroker.Timeout);
            return first.IsCompleted;
        });

        Assert.True(first.IsCanceled);
        Assert.Equal(2, await work.Start());
    }

    [Fact]
    public async Task Forget_ResultIsThere_RunsAgain()
    {
        var work = Create(_ => Task.CompletedTask);
        await work.Start();

        work.Forget();

        Assert.Equal(2, await work.Start());
    }

    private SharedWork<int> Create(Func<CancellationToken, Task> work) => new(
        async end =>
        {
            var run = Interlocked.Increment(ref _runs);
            await work(end);
            return run;
        },
        FakeBroker.Timeout,
        _time);
}
