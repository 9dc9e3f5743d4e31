using Microsoft.Extensions.Time.Testing;

namespace SessionReplay.Queues.RabbitMQ.Tests;

public sealed class LiveLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly List<TimeSpan> _delays = [];
    private readonly List<FakeLink> _links = [];

    [Fact]
    public async Task Get_ManyCallersAtOnce_MakeOneLink()
    {
        var opened = new TaskCompletionSource();
        await using var live = Create(_ => opened.Task);
        var calls = Enumerable.Range(0, 10).Select(_ => live.GetAsync(CancellationToken.None).AsTask()).ToArray();

        opened.SetResult();

        var links = await Task.WhenAll(calls).WaitAsync(Patience);
        Assert.Single(links.Distinct());
        Assert.Same(links[0], await live.GetAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Get_CallerGoesAway_LeavesTheConnectingToTheNext()
    {
        var opened = new TaskCompletionSource();
        await using var live = Create(_ => opened.Task);
        using var impatient = new CancellationTokenSource();
        var first = live.GetAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = live.GetAsync(CancellationToken.None).AsTask();
        opened.SetResult();

        Assert.Same(Assert.Single(_links), await second.WaitAsync(Patience));
    }

    [Fact]
    public async Task Get_FailsAgainAndAgain_IsTriedAtGrowingIntervalsAndFailsAtOnceInBetween()
    {
        var tries = 0;
        await using var live = Create(_ =>
        {
            Interlocked.Increment(ref tries);
            throw new IOException("refused");
        });
        for (var expected = 1; expected <= 10; expected++)
        {
            await AssertUnavailableAsync(live);
            await AssertUnavailableAsync(live);
            Assert.Equal(expected, Volatile.Read(ref tries));
            _time.Advance(_delays[^1]);
        }

        Assert.All(_delays, delay => Assert.InRange(delay, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5)));
        Assert.True(_delays[^1] >= TimeSpan.FromSeconds(2.5), "The interval did not grow.");
    }

    [Fact]
    public async Task Get_NobodyWaitsAndTheOpeningNeverEnds_CountsAsAFailure()
    {
        await using var live = Create(end => Task.Delay(Timeout.Infinite, end));
        using var impatient = new CancellationTokenSource();
        var call = live.GetAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var next = live.GetAsync(CancellationToken.None).AsTask();
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); !next.IsCompleted && clock.Elapsed < Patience; await Task.Delay(10))
        {
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        await Assert.ThrowsAsync<QueueUnavailableException>(() => next);
        Assert.Single(_delays);
    }

    [Fact]
    public async Task Get_LinkEndedAfterAWhile_IsReplacedAtOnceEachTime()
    {
        await using var live = Create(_ => Task.CompletedTask);
        for (var i = 0; i < 5; i++)
        {
            var link = await live.GetAsync(CancellationToken.None);
            _time.Advance(TimeSpan.FromSeconds(6));
            link.IsAlive = false;
        }

        await live.GetAsync(CancellationToken.None);
        Assert.Equal(6, _links.Count);
        Assert.All(_links.SkipLast(1), link => Assert.True(link.IsDisposed));
    }

    [Fact]
    public async Task Get_LinksEndAtOnce_AreNotMadeAgainAtOnce()
    {
        await using var live = Create(_ => Task.CompletedTask);
        for (var i = 0; i < 2; i++)
        {
            (await live.GetAsync(CancellationToken.None)).IsAlive = false;
        }

        for (var i = 0; i < 100; i++)
        {
            await AssertUnavailableAsync(live);
        }

        Assert.Equal(2, _links.Count);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await live.GetAsync(CancellationToken.None);
        Assert.Equal(3, _links.Count);
    }

    [Fact]
    public async Task Dispose_WhileConnecting_EndsTheConnecting()
    {
        var live = Create(end => Task.Delay(Timeout.Infinite, end));
        var call = live.GetAsync(CancellationToken.None).AsTask();

        await live.DisposeAsync().AsTask().WaitAsync(Patience);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => call);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => live.GetAsync(CancellationToken.None).AsTask());
        await live.DisposeAsync();
    }

    private static async Task AssertUnavailableAsync(LiveLink<FakeLink> live) =>
        await Assert.ThrowsAsync<QueueUnavailableException>(() => live.GetAsync(CancellationToken.None).AsTask().WaitAsync(Patience));

    private LiveLink<FakeLink> Create(Func<CancellationToken, Task> open) => new(
        async end =>
        {
            await open(end);
            var link = new FakeLink();
            _links.Add(link);
            return link;
        },
        cause => new QueueUnavailableException("away", cause),
        (delay, _) => _delays.Add(delay),
        TimeSpan.FromSeconds(15),
        _time);

    private sealed class FakeLink : ILink
    {
        public bool IsAlive { get; set; } = true;

        public bool IsDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsAlive = false;
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
