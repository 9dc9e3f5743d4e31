using Microsoft.Extensions.Time.Testing;
using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Brokers;

public sealed class PendingReceivesTests
{
    private static readonly TimeSpan KeepTime = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly List<int> _givenBack = [];
    private readonly PendingReceives<int> _pending;

    public PendingReceivesTests() => _pending = new PendingReceives<int>(FakeBroker.Calls(_time), KeepTime, GiveBackAsync);

    [Fact]
    public async Task Wait_CallerGoesAway_LeavesTheReceiveToTheNext()
    {
        var receive = new TaskCompletionSource<List<int>>();
        using var impatient = new CancellationTokenSource();
        var first = _pending.WaitAsync(receive.Task, 10, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var taken = _pending.TakeOver();
        Assert.Same(receive.Task, taken);
        Assert.Null(_pending.TakeOver());
        receive.SetResult([1, 2]);

        Assert.Equal([1, 2], await _pending.WaitAsync(taken!, 10, CancellationToken.None));
        _time.Advance(KeepTime);
        Assert.Empty(_givenBack);
    }

    [Fact]
    public async Task Leave_NobodyTakesTheAnswer_GivesItBackAfterTheKeepTime()
    {
        var receive = new TaskCompletionSource<List<int>>();
        _pending.Leave(receive.Task);
        receive.SetResult([1, 2]);

        await FakeBroker.UntilAsync(() =>
        {
            _time.Advance(KeepTime);
            return GivenBack.Count > 0;
        });

        Assert.Equal([1, 2], GivenBack);
        Assert.Null(_pending.TakeOver());
    }

    [Fact]
    public async Task Wait_MoreMessagesThanTheLimit_LeavesTheRest()
    {
        Assert.Equal([1, 2], await _pending.WaitAsync(Task.FromResult<List<int>>([1, 2, 3]), 2, CancellationToken.None));

        Assert.Equal([3], await _pending.WaitAsync(_pending.TakeOver()!, 2, CancellationToken.None));
    }

    [Fact]
    public async Task TakeOver_EmptyOrFailedAnswers_AreForgotten()
    {
        _pending.Leave(null);
        _pending.Leave(Task.FromResult<List<int>>([]));
        _pending.Leave(Task.FromException<List<int>>(new IOException("away")));
        Assert.Null(_pending.TakeOver());

        _pending.Leave(Task.FromResult<List<int>>([7]));
        Assert.Equal([7], await _pending.TakeOver()!);
    }

    [Fact]
    public async Task TakeOver_ManyCallersAtOnce_OneGetsIt()
    {
        for (var round = 0; round < 100; round++)
        {
            _pending.Leave(Task.FromResult<List<int>>([round]));
            var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run<object?>(() => _pending.TakeOver())));

            Assert.Single(taken, receive => receive is not null);
        }
    }

    [Fact]
    public async Task Dispose_AnswersAreLeft_GivesThemBackAtOnce()
    {
        var late = new TaskCompletionSource<List<int>>();
        _pending.Leave(Task.FromResult<List<int>>([1]));
        _pending.Leave(late.Task);

        await _pending.DisposeAsync();

        Assert.Equal([1], GivenBack);
        Assert.True(_pending.Disposed.IsCancellationRequested);
        late.SetResult([2]);
        await FakeBroker.UntilAsync(() => GivenBack.Count == 2);
    }

    private List<int> GivenBack
    {
        get
        {
            lock (_givenBack)
            {
                return [.. _givenBack];
            }
        }
    }

    private Task GiveBackAsync(IReadOnlyList<int> messages, CancellationToken end)
    {
        lock (_givenBack)
        {
            _givenBack.AddRange(messages);
        }

        return Task.CompletedTask;
    }
}
