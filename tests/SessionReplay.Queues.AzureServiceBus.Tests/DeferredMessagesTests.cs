using Amqp;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>What becomes of a message that is deferred, and of its reminder, whatever ends or is lost on the way.</summary>
public sealed class DeferredMessagesTests : ServiceBusTestBase
{
    private const string Again = "again";

    [Fact]
    public async Task Retry_Always_KeepsTheMessageAndSchedulesAReminderWithoutItsBody()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options(TimeSpan.FromMinutes(1)));
        await queue.PublishAsync("one", 1000);
        var number = SequenceNumber(Stored.Peek(0, 1)[0]);

        await (await queue.ReceiveOneAsync()).RetryAsync(Again, CancellationToken.None);

        await WaitForAsync(() => Stored.Count() == (0, 1, 1));
        var reminder = Decode(Stored.Peek(number + 1, 1)[0]);
        Assert.Equal(number, reminder.ApplicationProperties["sr-deferred"]);
        Assert.Equal(0, MessageBody.Read(reminder).Count);
        var status = await queue.GetStatusAsync(CancellationToken.None);
        Assert.Equal((1, 0), (status.Ready, status.InFlight));
    }

    [Fact]
    public async Task Ack_AfterRetries_RemovesMessageAndReminder()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one", 1000);
        for (var attempt = 1; attempt < 4; attempt++)
        {
            await (await ReceiveAsync(queue, attempt)).RetryAsync(Again, CancellationToken.None);
        }

        var last = await ReceiveAsync(queue, 4);
        Assert.Equal(1000, last.Body.Length);
        var status = await queue.GetStatusAsync(CancellationToken.None);
        Assert.Equal((0, 1), (status.Ready, status.InFlight));
        await last.AckAsync(CancellationToken.None);

        await WaitForEmptyAsync();
        Assert.Equal(1, Server.Connections);
    }

    [Fact]
    public async Task Dispose_AfterARetry_GivesBackAtOnceAndDoesNotCount()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await RetryOnceAsync(queue);

        await (await ReceiveAsync(queue, 2)).DisposeAsync();

        await (await ReceiveAsync(queue, 2)).AckAsync(CancellationToken.None);
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task DeadLetter_AfterARetry_HasTheReasonAndIsPutBackWithItsBody()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await RetryOnceAsync(queue);

        await (await ReceiveAsync(queue, 2)).DeadLetterAsync("broken", CancellationToken.None);

        await WaitForEmptyAsync();
        var letter = Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        Assert.Equal(("one", "broken", 2, 100L), (letter.MessageId, letter.Reason, letter.Attempts, letter.Bytes));
        Assert.InRange(letter.DeadLetteredAt, TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(5), TimeProvider.System.GetUtcNow());
        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));
        Assert.Equal(100, (await ReceiveAsync(queue, 1)).Body.Length);
    }

    [Fact]
    public async Task Delivery_HeldForLong_BothLocksAreRenewed()
    {
        Stored.LockDuration = TimeSpan.FromSeconds(1);
        await using var queue = ServiceBusQueueFixture.Create(Options(renewal: TimeSpan.FromMilliseconds(200)));
        await RetryOnceAsync(queue);
        var delivery = await ReceiveAsync(queue, 2);
        var renewals = Stored.Renewals;

        await WaitForAsync(() => Stored.Renewals > renewals + 10);

        Assert.Equal(2, Stored.CountLocked());
        await delivery.AckAsync(CancellationToken.None);
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Consumer_EndsWithADeferredMessage_AnotherGetsItOnce()
    {
        Stored.LockDuration = TimeSpan.FromSeconds(1);
        var renewal = TimeSpan.FromMilliseconds(200);
        await using var first = ServiceBusQueueFixture.Create(Options(renewal: renewal));
        await RetryOnceAsync(first);
        _ = await ReceiveAsync(first, 2);

        await first.AbandonAsync();

        await using var second = ServiceBusQueueFixture.Create(Options(renewal: renewal));
        await TakeAsync(second, "one");
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Queue_DisposedWithADeferredMessage_AnotherGetsItAtOnce()
    {
        var first = ServiceBusQueueFixture.Create(Options());
        await RetryOnceAsync(first);
        _ = await ReceiveAsync(first, 2);

        await first.DisposeAsync();

        // The locks would last longer than this waits.
        await using var second = ServiceBusQueueFixture.Create(Options());
        await TakeAsync(second, "one");
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Retry_LockLostUnnoticed_IsDeliveredAgainAndTheReminderGoes()
    {
        Stored.LockDuration = TimeSpan.FromMilliseconds(300);
        var options = Options(renewal: TimeSpan.FromMinutes(2));
        options.MaxUnsettled = 1;
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");
        var delivery = await queue.ReceiveOneAsync();
        await WaitForAsync(() => Stored.CountLocked() == 0);
        Stored.LockDuration = TimeSpan.FromMinutes(5);

        await delivery.RetryAsync(Again, CancellationToken.None);

        await TakeAsync(queue, "one");
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Ack_DeferredMessagesLockLost_ThrowsAndItComesAgain()
    {
        Stored.LockDuration = TimeSpan.FromMilliseconds(300);
        var options = Options(renewal: TimeSpan.FromMinutes(2));
        options.MaxUnsettled = 1;
        await using var queue = ServiceBusQueueFixture.Create(options);
        await RetryOnceAsync(queue);
        var delivery = await queue.ReceiveOneAsync();
        await WaitForAsync(() => Stored.CountLocked() == 0);
        Stored.LockDuration = TimeSpan.FromMinutes(5);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.AckAsync(CancellationToken.None).AsTask());

        Assert.Contains("LockRenewalInterval", refusal.Message, StringComparison.Ordinal);
        await TakeAsync(queue, "one");
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Reminder_MessageIsLocked_WaitsUntilItIsSettled()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");
        var delivery = await queue.ReceiveOneAsync();
        Stored.Enqueue(Reminder(SequenceNumber(Stored.Peek(0, 1)[0])));

        // It is scheduled anew for as long as there is the message.
        await WaitForAsync(() => Stored.Count().Scheduled == 1);
        await delivery.AckAsync(CancellationToken.None);

        await WaitForEmptyAsync();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public async Task Reminder_NoSuchMessage_IsRemoved(long number)
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        Stored.Enqueue(Reminder(number));
        await queue.PublishAsync("one");

        await TakeAsync(queue, "one");

        await WaitForEmptyAsync();
        Assert.Equal(1, Server.Connections);
    }

    [Fact]
    public async Task Reminder_Lost_RedriveDeliversTheMessage()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options(TimeSpan.FromMinutes(1)));
        await RetryOnceAsync(queue);
        await WaitForAsync(() => Stored.Count() == (0, 1, 1));
        Stored.RemoveScheduled();
        var status = await queue.GetStatusAsync(CancellationToken.None);
        Assert.Equal(1, status.Ready);
        Assert.NotNull(status.OldestAge);

        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));

        await TakeAsync(queue, "one");
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Reminder_SetAsideByTheService_IsListedAndPutBack()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options(TimeSpan.FromMinutes(1)));
        await RetryOnceAsync(queue);
        await WaitForAsync(() => Stored.Count() == (0, 1, 1));
        var number = SequenceNumber(Stored.Peek(0, 1)[0]);
        Stored.RemoveScheduled();
        Stored.DeadLetters!.Enqueue(Reminder(number));
        Assert.Equal("one", Assert.Single(await queue.ListAsync(10, CancellationToken.None)).MessageId);

        Assert.Equal(1, await queue.RedriveAsync(1, CancellationToken.None));

        await TakeAsync(queue, "one");
        await WaitForEmptyAsync();
    }

    private AzureServiceBusQueueOptions Options(TimeSpan? firstDelay = null, TimeSpan? renewal = null)
    {
        var options = base.Options();
        options.FirstRetryDelay = firstDelay ?? options.FirstRetryDelay;
        options.LockRenewalInterval = renewal ?? options.LockRenewalInterval;
        return options;
    }

    private static async Task RetryOnceAsync(ServiceBusMessageQueue queue)
    {
        await queue.PublishAsync("one", 100);
        await (await ReceiveAsync(queue, 1)).RetryAsync(Again, CancellationToken.None);
    }

    private static async Task<IQueueDelivery> ReceiveAsync(ServiceBusMessageQueue queue, int attempt)
    {
        var delivery = await queue.ReceiveOneAsync();
        Assert.Equal(("one", attempt), (delivery.MessageId, delivery.Attempt));
        return delivery;
    }

    private static Message Reminder(long number) => new MessageHeaders("one", "session", 0, 1, Deferred: number).ToMessage("reminder", ArraySegment<byte>.Empty);

    private static Message Decode(byte[] encoded) => Message.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length));

    private static long SequenceNumber(byte[] encoded) => ReceivedMessage.ReadSequenceNumber(Decode(encoded)) ?? 0;

    private Task WaitForEmptyAsync() => WaitForAsync(() => Stored.Count() == (0, 0, 0));
}
