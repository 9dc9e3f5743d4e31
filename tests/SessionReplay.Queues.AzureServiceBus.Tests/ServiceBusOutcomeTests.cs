using Amqp.Framing;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>Which outcome each settlement is, and what the service makes of it.</summary>
public sealed class ServiceBusOutcomeTests : ServiceBusTestBase
{
    [Fact]
    public async Task Ack_Always_IsAcceptedAndAnswered()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).AckAsync(CancellationToken.None);

        Assert.IsType<Accepted>(Assert.Single(Stored.Outcomes));
        Assert.Equal((0, 0), Stored.Count());
    }

    [Fact]
    public async Task Dispose_Unsettled_IsModifiedAndDoesNotCount()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");

        for (var i = 0; i < 3; i++)
        {
            var delivery = await queue.ReceiveOneAsync();
            Assert.Equal(1, delivery.Attempt);
            await delivery.DisposeAsync();
        }

        Assert.All(Stored.Outcomes, outcome => Assert.IsType<Modified>(outcome));
        Assert.Equal(1, (await queue.ReceiveOneAsync()).Attempt);
    }

    [Fact]
    public async Task DeadLetter_Always_IsRejectedWithTheServicesConditionAndTheReason()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);

        var error = Assert.IsType<Rejected>(Assert.Single(Stored.Outcomes)).Error;
        Assert.Equal("com.microsoft:dead-letter", error.Condition.ToString());
        Assert.Contains("broken", error.Info.Values);
        Assert.Equal(1, Stored.DeadLetters!.Count().Active);
    }

    [Fact]
    public async Task Retry_Always_SchedulesACopyAndCompletesTheMessage()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options(TimeSpan.FromMinutes(1)));
        await queue.PublishAsync("one", 1000);

        await (await queue.ReceiveOneAsync()).RetryAsync("later", CancellationToken.None);

        Assert.IsType<Accepted>(Assert.Single(Stored.Outcomes));
        Assert.Equal((0, 1), Stored.Count());
        var status = await queue.GetStatusAsync(CancellationToken.None);
        Assert.Equal((1, 0), (status.Ready, status.InFlight));
    }

    [Fact]
    public async Task Retry_ConnectionWasDropped_ReplacesTheMessageOverTheManagementLink()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options(TimeSpan.FromMinutes(1)));
        await queue.PublishAsync("one");
        var delivery = await queue.ReceiveOneAsync();
        Server.DropConnections();
        await WaitForAsync(() => TryPublish(queue, "two"));

        await delivery.RetryAsync("later", CancellationToken.None);

        Assert.Empty(Stored.Outcomes);
        Assert.Equal((1, 1), Stored.Count());
    }

    [Fact]
    public async Task Retry_LockLostUnnoticed_ThrowsAndSchedulesNothing()
    {
        Stored.LockDuration = TimeSpan.FromMilliseconds(300);
        var options = Options(TimeSpan.FromMinutes(1));
        options.LockRenewalInterval = TimeSpan.FromMinutes(2);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");
        var delivery = await queue.ReceiveOneAsync();
        await WaitForAsync(() => Stored.CountLocked() == 0);
        Stored.LockDuration = TimeSpan.FromMinutes(5);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.RetryAsync("later", CancellationToken.None).AsTask());

        await TakeAsync(queue, "one");
        Assert.Equal((0, 0), Stored.Count());
    }

    [Fact]
    public async Task Retry_CopyRefused_KeepsTheMessageAndCountsAsAFailedDelivery()
    {
        Stored.MaxDeliveryCount = 3;
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("poison");
        Stored.IsFull = true;

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var delivery = await queue.ReceiveOneAsync();
            Assert.Equal(attempt, delivery.Attempt);
            var refusal =
                await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.RetryAsync("later", CancellationToken.None).AsTask());
            Assert.True(refusal.Message.Contains("full", StringComparison.Ordinal), refusal.ToString());
        }

        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
        Assert.All(Stored.Outcomes, outcome => Assert.IsType<Modified>(outcome));
        var letter = Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        Assert.Equal(("poison", 3), (letter.MessageId, letter.Attempts));
    }

    [Fact]
    public async Task Ack_LockLostUnnoticed_ThrowsAndItComesAgain()
    {
        Stored.LockDuration = TimeSpan.FromMilliseconds(300);
        var options = Options();
        options.LockRenewalInterval = TimeSpan.FromMinutes(2);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");
        var delivery = await queue.ReceiveOneAsync();
        await WaitForAsync(() => Stored.CountLocked() == 0);
        Stored.LockDuration = TimeSpan.FromMinutes(5);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.AckAsync(CancellationToken.None).AsTask());

        Assert.Contains("LockRenewalInterval", refusal.Message, StringComparison.Ordinal);
        await TakeAsync(queue, "one");
    }

    [Fact]
    public async Task Delivery_HeldForLong_LockIsRenewed()
    {
        Stored.LockDuration = TimeSpan.FromSeconds(1);
        var options = Options();
        options.LockRenewalInterval = TimeSpan.FromMilliseconds(200);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");
        var delivery = await queue.ReceiveOneAsync();

        await WaitForAsync(() => Stored.Renewals > 10);

        Assert.Equal(1, Stored.CountLocked());
        await delivery.AckAsync(CancellationToken.None);
        Assert.Equal((0, 0), Stored.Count());
    }

    private AzureServiceBusQueueOptions Options(TimeSpan firstDelay)
    {
        var options = Options();
        options.FirstRetryDelay = firstDelay;
        return options;
    }
}
