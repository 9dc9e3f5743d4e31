using NSubstitute;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Tests.Resilience;

public sealed class GuardedMessageQueueTests : IDisposable
{
    private readonly DependencyPipelineFixture _fixture = new(Dependency.Queue);
    private readonly IMessageQueue _queue = Substitute.For<IMessageQueue>();
    private readonly IQueueDelivery _delivery = Substitute.For<IQueueDelivery>();
    private readonly GuardedMessageQueue _guarded;

    public GuardedMessageQueueTests()
    {
        _guarded = new(_queue, _fixture.DependencyPipeline);
        _queue.ReceiveAsync(Arg.Any<int>(), Arg.Any<CancellationToken>())
            .Returns(_ => ValueTask.FromResult<IReadOnlyList<IQueueDelivery>>([_delivery]));
    }

    private static QueueUnavailableException Away => new("away");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Publish_FailsOnce_IsPublishedAgain()
    {
        var message = new QueueMessage("1", "s", new byte[] { 1 });
        _queue.PublishAsync(message, Arg.Any<CancellationToken>()).Returns(_ => throw Away, _ => default);

        await _fixture.PassAsync(_guarded.PublishAsync(message, default).AsTask());

        await _queue.Received(2).PublishAsync(message, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Publish_TooLarge_IsNotPublishedAgain()
    {
        _queue.PublishAsync(Arg.Any<QueueMessage>(), Arg.Any<CancellationToken>()).Returns(_ => throw new MessageTooLargeException(2, 1));

        await Assert.ThrowsAsync<MessageTooLargeException>(() => _guarded.PublishAsync(new("1", "s", default), default).AsTask());

        await _queue.Received(1).PublishAsync(Arg.Any<QueueMessage>(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Receive_Failures_CountAndAreNotMadeAgain()
    {
        _queue.ReceiveAsync(Arg.Any<int>(), Arg.Any<CancellationToken>())
            .Returns<ValueTask<IReadOnlyList<IQueueDelivery>>>(_ => throw Away);
        for (var i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<QueueUnavailableException>(() => _guarded.ReceiveAsync(1, default).AsTask());
        }

        await _queue.Received(4).ReceiveAsync(1, Arg.Any<CancellationToken>());
        Assert.Equal(BreakerState.Open, _fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Receive_WaitsForHours_IsNotEnded()
    {
        using var stop = new CancellationTokenSource();
        _queue.ReceiveAsync(Arg.Any<int>(), Arg.Any<CancellationToken>()).Returns(async ValueTask<IReadOnlyList<IQueueDelivery>> (call) =>
        {
            await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>());
            return [];
        });
        var receive = _guarded.ReceiveAsync(1, stop.Token).AsTask();
        _fixture.Clock.Advance(TimeSpan.FromHours(5));
        await Task.Delay(20);

        Assert.False(receive.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receive);
        Assert.Equal(BreakerState.Closed, _fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Receive_BreakerIsOpen_IsMadeAndClosesItOnceTheBreakIsOver()
    {
        await _fixture.OpenAsync();

        Assert.Single(await _guarded.ReceiveAsync(1, default));
        Assert.Equal(BreakerState.Open, _fixture.DependencyPipeline.State);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(await _guarded.ReceiveAsync(1, default));
        Assert.Equal(BreakerState.Closed, _fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Settle_BreakerIsOpen_IsMade()
    {
        await _fixture.OpenAsync();
        var received = (await _guarded.ReceiveAsync(1, default))[0];

        await received.AckAsync(default);

        await _delivery.Received(1).AckAsync(Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Settle_NotConfirmedInTime_IsUnavailableAndNotMadeAgain()
    {
        _delivery.AckAsync(Arg.Any<CancellationToken>())
            .Returns(async ValueTask (call) => await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>()));
        var received = (await _guarded.ReceiveAsync(1, default))[0];

        await Assert.ThrowsAsync<QueueUnavailableException>(() => _fixture.PassAsync(received.AckAsync(default).AsTask()));

        await _delivery.Received(1).AckAsync(Arg.Any<CancellationToken>());
        await received.DisposeAsync();
        await _delivery.Received(1).DisposeAsync();
    }

    [Fact]
    public async Task Status_CannotBeRead_DoesNotCount_AndOneThatIsReadCloses()
    {
        var monitor = Substitute.For<IQueueMonitor>();
        monitor.GetStatusAsync(Arg.Any<CancellationToken>()).Returns<ValueTask<QueueStatus>>(_ => throw Away);
        var guarded = new GuardedQueueMonitor(monitor, _fixture.DependencyPipeline);
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<QueueUnavailableException>(() => guarded.GetStatusAsync(default).AsTask());
        }

        Assert.Equal(BreakerState.Closed, _fixture.DependencyPipeline.State);
        await _fixture.OpenAsync();
        _fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        monitor.GetStatusAsync(Arg.Any<CancellationToken>()).Returns(new ValueTask<QueueStatus>(new QueueStatus(1, 0, 0, null)));
        Assert.Equal(1, (await guarded.GetStatusAsync(default)).Ready);
        Assert.Equal(BreakerState.Closed, _fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Delivery_Members_AreThoseOfTheAdapters()
    {
        _delivery.MessageId.Returns("m");
        _delivery.Attempt.Returns(3);
        _delivery.Body.Returns(new byte[] { 9 });
        var received = (await _guarded.ReceiveAsync(1, default))[0];

        await received.RetryAsync("later", default);
        await received.DeadLetterAsync("never", default);

        Assert.Equal(("m", 3, 9), (received.MessageId, received.Attempt, received.Body.Span[0]));
        await _delivery.Received(1).RetryAsync("later", Arg.Any<CancellationToken>());
        await _delivery.Received(1).DeadLetterAsync("never", Arg.Any<CancellationToken>());
    }
}
