using Amqp.Framing;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>Which outcome of AMQP each settlement is, and what the service makes of it.</summary>
public sealed class ServiceBusOutcomeTests : ServiceBusTestBase
{
    [Fact]
    public async Task Ack_Always_IsAccepted()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).AckAsync(CancellationToken.None);

        Assert.IsType<Accepted>(await OutcomeAsync());
        await WaitForAsync(() => Stored.Count() == (0, 0, 0));
    }

    [Fact]
    public async Task Dispose_Unsettled_IsReleasedAndDoesNotCount()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).DisposeAsync();

        Assert.IsType<Released>(await OutcomeAsync());
        Assert.Equal(1, (await queue.ReceiveOneAsync()).Attempt);
    }

    [Fact]
    public async Task DeadLetter_Always_IsRejectedWithTheServicesConditionAndTheReason()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);

        var error = Assert.IsType<Rejected>(await OutcomeAsync()).Error;
        Assert.Equal("com.microsoft:dead-letter", error.Condition.ToString());
        Assert.Contains("broken", error.Info.Values);
        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
    }

    [Fact]
    public async Task Retry_Always_IsModifiedAsUndeliverableHere()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).RetryAsync("later", CancellationToken.None);

        Assert.True(Assert.IsType<Modified>(await OutcomeAsync()).UndeliverableHere);
        await WaitForAsync(() => Stored.Count().Deferred == 1);
        var again = await queue.ReceiveOneAsync();
        Assert.Equal(("one", 2), (again.MessageId, again.Attempt));
    }

    [Fact]
    public async Task Retry_ReminderRefused_IsModifiedAndCountsAsAFailedDelivery()
    {
        Stored.MaxDeliveryCount = 3;
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("poison");
        Stored.IsFull = true;

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var delivery = await queue.ReceiveOneAsync();
            Assert.Equal(attempt, delivery.Attempt);
            var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.RetryAsync("later", CancellationToken.None).AsTask());
            Assert.Contains("full", refusal.Message, StringComparison.Ordinal);
            var outcome = Assert.IsType<Modified>(await OutcomeAsync());
            Assert.True(outcome.DeliveryFailed);
            Assert.False(outcome.UndeliverableHere);
        }

        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
        var letter = Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        Assert.Equal(("poison", 3), (letter.MessageId, letter.Attempts));
    }

    /// <summary>A settlement is not answered, so it may still be on its way.</summary>
    private async Task<object> OutcomeAsync()
    {
        await WaitForAsync(() => !Stored.Outcomes.IsEmpty);
        Assert.True(Stored.Outcomes.TryDequeue(out var outcome));
        return outcome;
    }
}
