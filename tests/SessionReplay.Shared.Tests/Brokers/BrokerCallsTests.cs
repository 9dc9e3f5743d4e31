using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Brokers;

public sealed class BrokerCallsTests
{
    private static readonly QueueMessage Message = new("one", "session", new byte[1]);
    private readonly FakeTimeProvider _time = new();
    private readonly List<Exception> _failures = [];

    [Fact]
    public async Task Run_CallSucceeds_ConnectsBefore()
    {
        var steps = new List<string>();
        var calls = Create(_ =>
        {
            steps.Add("connect");
            return ValueTask.CompletedTask;
        });

        var answer = await calls.RunAsync(
            _ =>
            {
                steps.Add("call");
                return Task.FromResult(42);
            },
            CancellationToken.None);

        Assert.Equal(42, answer);
        Assert.Equal(["connect", "call"], steps);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task Run_ClientThrows_IsUnavailabilityWithItsCause()
    {
        var cause = new IOException("broken pipe");

        var thrown = await Assert.ThrowsAsync<QueueUnavailableException>(
            () => Create().RunAsync(_ => Task.FromException(cause), CancellationToken.None));

        Assert.Same(cause, thrown.InnerException);
        Assert.Same(cause, Assert.Single(_failures));
    }

    [Fact]
    public async Task Run_ConnectThrows_IsUnavailabilityAndNoCallIsMade()
    {
        var called = false;
        var calls = Create(_ => throw new IOException("refused"));

        await Assert.ThrowsAsync<QueueUnavailableException>(() => calls.RunAsync(
            _ =>
            {
                called = true;
                return Task.CompletedTask;
            },
            CancellationToken.None));

        Assert.False(called);
    }

    [Fact]
    public async Task Run_NoAnswerInTime_IsUnavailability()
    {
        var call = Create().RunAsync(end => Task.Delay(Timeout.Infinite, end), CancellationToken.None);
        _time.Advance(FakeBroker.Timeout);

        var thrown = await Assert.ThrowsAsync<QueueUnavailableException>(() => call.WaitAsync(FakeBroker.Patience));
        Assert.IsAssignableFrom<OperationCanceledException>(thrown.InnerException);
        Assert.Single(_failures);
    }

    [Fact]
    public async Task Run_LimitOfTheCall_TakesThePlaceOfTheUsualOne()
    {
        var answer = new TaskCompletionSource<int>();
        var call = Create().RunAsync(end => answer.Task.WaitAsync(end), CancellationToken.None, FakeBroker.Timeout * 3);
        _time.Advance(FakeBroker.Timeout * 2);
        answer.SetResult(1);

        Assert.Equal(1, await call.WaitAsync(FakeBroker.Patience));
    }

    [Fact]
    public async Task Run_CallerCancels_IsCancelledAndNoFailure()
    {
        using var caller = new CancellationTokenSource();
        var call = Create().RunAsync(end => Task.Delay(Timeout.Infinite, end), caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(FakeBroker.Patience));
        Assert.Empty(_failures);
    }

    public static TheoryData<Exception> Answers => [new QueueUnavailableException("full"), new MessageTooLargeException(2, 1)];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Run_AnswerOfTheContract_IsPassedOn(Exception answer)
    {
        Assert.Same(answer, await Record.ExceptionAsync(() => Create().RunAsync(_ => Task.FromException(answer), CancellationToken.None)));
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task Publish_MoreThanMaxPublishes_WaitForTheFirst()
    {
        var confirmed = new TaskCompletionSource();
        var running = 0;
        var calls = new BrokerCalls(FakeBroker.Timeout, FakeBroker.Unavailable, _time, NullLogger.Instance) { MaxPublishes = 2 };
        var publishes = Enumerable.Range(0, 5).Select(_ => calls.PublishAsync(Message, Publish, CancellationToken.None).AsTask()).ToArray();
        Assert.Equal(2, running);

        confirmed.SetResult();
        await Task.WhenAll(publishes).WaitAsync(FakeBroker.Patience);
        Assert.Equal(5, running);

        Task Publish(CancellationToken end)
        {
            Interlocked.Increment(ref running);
            return confirmed.Task;
        }
    }

    [Fact]
    public async Task Publish_WaitsForItsTurnTooLong_IsUnavailability()
    {
        var calls = new BrokerCalls(FakeBroker.Timeout, FakeBroker.Unavailable, _time, NullLogger.Instance) { MaxPublishes = 1 };
        var hanging = new TaskCompletionSource();
        var first = calls.PublishAsync(Message, _ => hanging.Task, CancellationToken.None).AsTask();
        var second = calls.PublishAsync(Message, _ => Task.CompletedTask, CancellationToken.None).AsTask();
        _time.Advance(FakeBroker.Timeout);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => second.WaitAsync(FakeBroker.Patience));
        hanging.SetResult();
        await first.WaitAsync(FakeBroker.Patience);
    }

    [Fact]
    public async Task Publish_InvalidOrCancelled_MakesNoCall()
    {
        var calls = Create(_ => throw new InvalidOperationException("must not connect"));

        await Assert.ThrowsAsync<ArgumentException>(
            () => calls.PublishAsync(Message with { Id = "" }, _ => Task.CompletedTask, CancellationToken.None).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => calls.PublishAsync(Message, _ => Task.CompletedTask, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public async Task Operate_LimitOutOfRange_ThrowsAndLongWorkIsAllowed()
    {
        var calls = Create();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => calls.OperateAsync(1001, _ => Task.FromResult(1), CancellationToken.None).AsTask());
        var answer = new TaskCompletionSource<int>();
        var work = calls.OperateAsync(10, end => answer.Task.WaitAsync(end), CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromMinutes(9));
        answer.SetResult(7);

        Assert.Equal(7, await work.WaitAsync(FakeBroker.Patience));
    }

    [Fact]
    public async Task GiveBack_FailsOrHangs_IsNotThrown()
    {
        var calls = Create();
        await calls.GiveBackAsync(_ => throw new IOException("away"));
        var hanging = calls.GiveBackAsync(end => Task.Delay(Timeout.Infinite, end));
        _time.Advance(FakeBroker.Timeout);

        await hanging.WaitAsync(FakeBroker.Patience);
        Assert.Empty(_failures);
    }

    private BrokerCalls Create(Func<CancellationToken, ValueTask>? connect = null) =>
        new(FakeBroker.Timeout, FakeBroker.Unavailable, _time, NullLogger.Instance)
        {
            Connect = connect ?? (_ => ValueTask.CompletedTask), Failed = (failure, _) => _failures.Add(failure),
        };
}
