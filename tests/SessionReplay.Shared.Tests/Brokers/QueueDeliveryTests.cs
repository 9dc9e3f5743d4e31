using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Brokers;

public sealed class QueueDeliveryTests
{
    private readonly FakeMessage _message = new();
    private readonly QueueDelivery _delivery;

    public QueueDeliveryTests() => _delivery = Deliver(_message);

    [Fact]
    public async Task Ack_BrokerConfirms_EndsTheMessage()
    {
        await _delivery.AckAsync(CancellationToken.None);
        await _delivery.DisposeAsync();

        Assert.Equal(["ack", "ended", "end"], _message.Calls);
    }

    [Fact]
    public async Task Settle_BrokerDoesNotConfirm_ThrowsAndGivesTheMessageBack()
    {
        _message.Settling = _ => throw new IOException("away");

        await Assert.ThrowsAsync<QueueUnavailableException>(() => _delivery.AckAsync(CancellationToken.None).AsTask());
        await _delivery.DisposeAsync();

        Assert.Equal(["ack", "ended", "give back after failure", "end"], _message.Calls);
    }

    [Fact]
    public async Task Settle_CallerCancels_GivesTheMessageBack()
    {
        using var caller = new CancellationTokenSource();
        _message.Settling = end => Task.Delay(Timeout.Infinite, end);
        var ack = _delivery.AckAsync(caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ack.WaitAsync(FakeBroker.Patience));
        Assert.Equal(["ack", "ended", "give back after failure", "end"], _message.Calls);
    }

    [Fact]
    public async Task Settle_GivingBackFailsToo_EndsTheMessageAndThrowsTheFirstFailure()
    {
        _message.Settling = _ => throw new IOException("away");
        _message.GiveBackFailure = new IOException("still away");

        var thrown = await Assert.ThrowsAsync<QueueUnavailableException>(() => _delivery.AckAsync(CancellationToken.None).AsTask());

        Assert.Equal("away: away", thrown.Message);
        Assert.Equal("end", _message.Calls[^1]);
    }

    [Fact]
    public async Task Dispose_Unsettled_GivesTheMessageBackOnce()
    {
        await _delivery.DisposeAsync();
        await _delivery.DisposeAsync();

        Assert.Equal(["ended", "give back", "end"], _message.Calls);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _delivery.AckAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Retry_LastAttempt_MakesADeadLetter()
    {
        var message = new FakeMessage { IsLastAttempt = true };

        await Deliver(message).RetryAsync("why", CancellationToken.None);
        await _delivery.RetryAsync("why", CancellationToken.None);

        Assert.Equal("dead why True", message.Calls[0]);
        Assert.Equal("retry", _message.Calls[0]);
    }

    [Fact]
    public async Task Refuse_LongReason_KeepsNoBodyAndTruncatesTheReason()
    {
        await _delivery.RefuseAsync(new string('x', 2000), CancellationToken.None);

        Assert.Equal($"dead {new string('x', 1024)} False", _message.Calls[0]);
    }

    [Fact]
    public async Task DeadLetter_NoReason_ThrowsAndCanStillBeSettled()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => _delivery.DeadLetterAsync(null!, CancellationToken.None).AsTask());

        await _delivery.AckAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Settle_ManyCallersAtOnce_OneWinsAndTheOthersThrow()
    {
        for (var round = 0; round < 200; round++)
        {
            var message = new FakeMessage();
            var delivery = Deliver(message);
            Func<Task>[] ways =
            [
                () => delivery.AckAsync(CancellationToken.None).AsTask(),
                () => delivery.RetryAsync("why", CancellationToken.None).AsTask(),
                () => delivery.DeadLetterAsync("why", CancellationToken.None).AsTask(),
                () => delivery.RefuseAsync("why", CancellationToken.None).AsTask(),
            ];
            var results = await Task.WhenAll(ways.Select(way => Task.Run(() => Record.ExceptionAsync(way))));

            Assert.Single(results, (Exception?)null);
            Assert.Equal(ways.Length - 1, results.OfType<InvalidOperationException>().Count());
            Assert.Equal(3, message.Calls.Count);
        }
    }

    private static QueueDelivery Deliver(FakeMessage message) => new(message, FakeBroker.Calls(), () => message.Note("ended"));
}
