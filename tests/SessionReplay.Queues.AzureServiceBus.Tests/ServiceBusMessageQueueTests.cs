using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging;
using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

// Long: a test for each rule of the contract.
public sealed class ServiceBusMessageQueueTests : ServiceBusTestBase
{
    [Fact]
    public async Task Connections_AllDropped_QueueRecoversAndDeliveriesStay()
    {
        Stored.LockDuration = TimeSpan.FromSeconds(10);
        var options = Options();
        options.LockRenewalInterval = TimeSpan.FromMilliseconds(300);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("held");
        var held = await queue.ReceiveOneAsync();
        using var limit = new CancellationTokenSource(Patience);
        var waiting = queue.ReceiveAsync(1, limit.Token).AsTask();

        Server.DropConnections();

        // The first call may notice the end of its connection; locks outlive it, and so do the deliveries.
        await WaitForAsync(() => TryPublish(queue, "after"));
        await (await TakeOneAsync(waiting, queue)).AckAsync(CancellationToken.None);
        await held.AckAsync(CancellationToken.None);
        Assert.Equal(2, Server.Connections);
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Links_ClosedByTheServiceBecauseTheyWereIdle_AreOpenedAgainAndDeliveriesStay()
    {
        Stored.LockDuration = TimeSpan.FromSeconds(10);
        var options = Options();
        options.LockRenewalInterval = TimeSpan.FromMilliseconds(300);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("held");
        var held = await queue.ReceiveOneAsync();
        await WaitForAsync(() => Stored.Renewals > 0);

        for (var i = 0; i < 5; i++)
        {
            Server.DetachIdleLinks();
            var renewals = Stored.Renewals;
            await WaitForAsync(() => Stored.Renewals > renewals);
            await queue.PublishAsync($"m{i}");
        }

        await held.AckAsync(CancellationToken.None);
        for (var i = 0; i < 5; i++)
        {
            await TakeAsync(queue, $"m{i}");
        }

        Assert.Equal(1, Server.Connections);
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Receive_QueueIsEmptyForLongerThanConfirmTimeout_Waits()
    {
        var options = Options();
        options.ConfirmTimeout = TimeSpan.FromSeconds(1);
        await using var queue = ServiceBusQueueFixture.Create(options);
        using var limit = new CancellationTokenSource(Patience);
        var waiting = queue.ReceiveAsync(1, limit.Token).AsTask();
        await Task.Delay(TimeSpan.FromSeconds(3), limit.Token);

        await queue.PublishAsync("late");

        Assert.Equal("late", Assert.Single(await waiting).MessageId);
    }

    [Fact]
    public async Task Publish_LinkNeverAnswers_IsReplacedAndTheNextPublishSucceeds()
    {
        Server.AttachesSilentLinks = true;
        var options = Options();
        options.ConfirmTimeout = TimeSpan.FromSeconds(5);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("unanswered"));
        Server.AttachesSilentLinks = false;

        await queue.PublishAsync("answered");

        await TakeAsync(queue, "answered");
    }

    [Fact]
    public async Task Ack_LinkNeverAnswers_IsReplacedAndTheMessageComesAgain()
    {
        // Where the old link cannot be closed in time either, the message comes when its lock ends.
        Stored.LockDuration = TimeSpan.FromSeconds(20);
        var options = Options();
        options.ConfirmTimeout = TimeSpan.FromSeconds(5);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");
        await queue.PublishAsync("two");
        Server.AttachesSilentLinks = true;
        using var limit = new CancellationTokenSource(Patience);
        var deliveries = new List<IQueueDelivery>();
        while (deliveries.Count < 2)
        {
            deliveries.AddRange(await queue.ReceiveAsync(2, limit.Token));
        }

        Server.AttachesSilentLinks = false;

        await Assert.ThrowsAsync<QueueUnavailableException>(() => deliveries[0].AckAsync(CancellationToken.None).AsTask());

        // The new link settles what the old one has received.
        await deliveries[1].AckAsync(CancellationToken.None);
        await TakeAsync(queue, "one");
        Assert.Equal((0, 0), Stored.Count());
    }

    [Fact]
    public async Task Lock_LostWhileTheWorkerIsSlow_AckThrowsAndTheMessageComesAgain()
    {
        Stored.LockDuration = TimeSpan.FromMilliseconds(300);
        var options = Options();
        options.LockRenewalInterval = TimeSpan.FromSeconds(1);
        var log = new LostLocks();
        await using var worker = ServiceBusQueueFixture.Create(options, logger: log);
        await using var other = ServiceBusQueueFixture.Create(Options());
        await worker.PublishAsync("slow");
        var slow = await worker.ReceiveOneAsync();
        var receiving = other.ReceiveOneAsync();

        await WaitForAsync(() => receiving.IsCompleted && log.Count == 1);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => slow.AckAsync(CancellationToken.None).AsTask());
        Assert.Contains("LockRenewalInterval", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("slow", (await receiving).MessageId);
    }

    [Fact]
    public async Task Dispose_MessagesFetchedInAdvance_AreGivenBackAtOnce()
    {
        var first = ServiceBusQueueFixture.Create(Options());
        await using var second = ServiceBusQueueFixture.Create(Options());
        for (var i = 0; i < 30; i++)
        {
            await first.PublishAsync($"m{i}");
        }

        using var limit = new CancellationTokenSource(Patience);
        Assert.NotEmpty(await first.ReceiveAsync(3, limit.Token));

        await first.DisposeAsync();

        // Their locks would last longer than this waits.
        var found = new HashSet<string>();
        while (found.Count < 30)
        {
            foreach (var delivery in await second.ReceiveAsync(30, limit.Token))
            {
                found.Add(delivery.MessageId);
                await delivery.AckAsync(limit.Token);
            }
        }
    }

    [Fact]
    public async Task DuplicateDetection_SameIdTwice_IsStoredOnceAndRetriesAndRedrivesPass()
    {
        Stored.DetectsDuplicates = true;
        await using var queue = ServiceBusQueueFixture.Create(Options());
        await queue.PublishAsync("one");
        await queue.PublishAsync("one");
        Assert.Equal((1, 0), Stored.Count());

        for (var attempt = 1; attempt < 4; attempt++)
        {
            var delivery = await queue.ReceiveOneAsync();
            Assert.Equal(("one", attempt), (delivery.MessageId, delivery.Attempt));
            await delivery.RetryAsync("again", CancellationToken.None);
        }

        for (var redrive = 0; redrive < 2; redrive++)
        {
            await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);
            await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
            Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));
        }

        await TakeAsync(queue, "one");
        await WaitForEmptyAsync();
    }

    [Fact]
    public async Task Receive_ConsumersEndAgainAndAgain_ServiceMakesADeadLetter()
    {
        Stored.LockDuration = TimeSpan.FromMilliseconds(500);
        Stored.MaxDeliveryCount = 2;
        await using var last = ServiceBusQueueFixture.Create(Options());
        await last.PublishAsync("poison");
        for (var crash = 0; crash < 2; crash++)
        {
            var process = ServiceBusQueueFixture.Start(Server, Options());
            Assert.Equal(crash + 1, (await process.Queue.ReceiveOneAsync()).Attempt);
            await ServiceBusQueueFixture.CrashAsync(process);
        }

        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
        var letter = Assert.Single(await last.ListAsync(10, CancellationToken.None));
        Assert.Equal(("poison", 2), (letter.MessageId, letter.Attempts));
        Assert.Contains("MaxDeliveryCountExceeded", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await last.RedriveAsync(10, CancellationToken.None));
        Assert.Equal(1, (await last.ReceiveOneAsync()).Attempt);
    }

    [Fact]
    public async Task DeadLetters_MoreThanAPage_AreListedAndPutBack()
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        for (var i = 0; i < 120; i++)
        {
            await queue.PublishAsync($"m{i}");
            await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);
        }

        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 120);
        var listed = await queue.ListAsync(1000, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"m{i}"), listed.Select(letter => letter.MessageId));
        Assert.Equal(110, await queue.RedriveAsync(110, CancellationToken.None));
        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 10);
        Assert.Equal("m110", (await queue.ListAsync(1, CancellationToken.None)).Single().MessageId);
    }

    [Fact]
    public async Task DeadLetters_MoreThanMaxDeadLetters_OldestAreRemoved()
    {
        for (var i = 0; i < 9; i++)
        {
            Stored.DeadLetters!.Enqueue(
                new Message { Properties = new Properties { MessageId = $"old{i}" }, BodySection = new Data { Binary = [1] } });
        }

        var options = Options();
        options.MaxDeadLetters = 4;
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("new");

        await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);

        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 4);
        var left = await queue.ListAsync(10, CancellationToken.None);
        Assert.Equal(["old6", "old7", "old8", "new"], left.Select(letter => letter.MessageId));
    }

    [Fact]
    public async Task DeadLetter_PolicyWithoutManage_IsKept()
    {
        var policy = Server.AddPolicy(new SasPolicy("worker", "a2V5", Manage: false));
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(policy);
        options.AdministrationConnectionString = Server.AdministrationConnectionStringOf(policy);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);

        Assert.Equal("one", Assert.Single(await queue.ListAsync(10, CancellationToken.None)).MessageId);
    }

    [Theory]
    [InlineData(1024 * 1024, null, 1024 * 1024)]
    [InlineData(100 * 1024 * 1024, null, 1024 * 1024)]
    [InlineData(100 * 1024 * 1024, 4 * 1024 * 1024, 4 * 1024 * 1024)]
    public async Task MaxMessageBytes_Connected_FollowsServiceAndOption(int service, int? option, int expected)
    {
        Server.MaxMessageBytes = service;
        var options = Options();
        options.MaxMessageBytes = option;
        await using var queue = ServiceBusQueueFixture.Create(options);
        Assert.Equal((option ?? 256 * 1024) - MessageHeaders.MaxBytes, queue.MaxMessageBytes);

        await queue.PublishAsync(new string('%', 128), expected - MessageHeaders.MaxBytes);

        Assert.Equal(expected - MessageHeaders.MaxBytes, queue.MaxMessageBytes);
        var delivery = await queue.ReceiveOneAsync();
        Assert.Equal(queue.MaxMessageBytes, delivery.Body.Length);
        await delivery.DeadLetterAsync(new string('漢', 1024), CancellationToken.None);
        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
        Assert.True(Stored.DeadLetters!.Peek(0, 1)[0].Length < expected, "A dead letter is larger than the service takes.");
    }

    [Fact]
    public async Task Publish_NoSuchQueue_ThrowsAndNamesTheOption()
    {
        var options = Options();
        options.QueueName = "missing";
        options.CreateIfMissing = false;
        await using var queue = ServiceBusQueueFixture.Create(options);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));

        Assert.Contains("AzureServiceBusQueueOptions.QueueName", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_NoSuchQueue_CreatesIt()
    {
        var options = Options();
        options.QueueName = "created";
        await using var queue = ServiceBusQueueFixture.Create(options);

        await queue.PublishAsync("one");

        Assert.True(Server.Has("created"));
        await TakeAsync(queue, "one");
    }

    [Fact]
    public async Task GetStatus_PolicyWithoutManage_ThrowsAndNamesTheRight()
    {
        var policy = Server.AddPolicy(new SasPolicy("worker", "a2V5", Manage: false));
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(policy);
        options.AdministrationConnectionString = Server.AdministrationConnectionStringOf(policy);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.GetStatusAsync(CancellationToken.None).AsTask());

        Assert.Contains("the right Manage", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<IQueueDelivery> TakeOneAsync(Task<IReadOnlyList<IQueueDelivery>> waiting, ServiceBusMessageQueue queue)
    {
        try
        {
            return Assert.Single(await waiting);
        }
        catch (QueueUnavailableException)
        {
            // The receive noticed the end of its connection.
            return await queue.ReceiveOneAsync();
        }
    }

    private Task WaitForEmptyAsync() => WaitForAsync(() => Stored.Count() == (0, 0));

    /// <summary>Counts the locks that the adapter has found to be lost.</summary>
    private sealed class LostLocks : ILogger<ServiceBusMessageQueue>
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Add(ref _count, eventId.Name == "LockLost" ? 1 : 0);
    }
}
