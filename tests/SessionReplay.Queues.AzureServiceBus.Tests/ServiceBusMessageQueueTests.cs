using Microsoft.Extensions.Logging;
using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

public sealed class ServiceBusMessageQueueTests : ServiceBusTestBase
{
    [Fact]
    public async Task Connections_AllDropped_QueueRecoversAndDeliversAgain()
    {
        Stored.LockDuration = TimeSpan.FromSeconds(2);
        var options = Options();
        options.LockRenewalInterval = TimeSpan.FromMilliseconds(300);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("held");
        var held = await queue.ReceiveOneAsync();
        using var limit = new CancellationTokenSource(Patience);
        var waiting = queue.ReceiveAsync(1, limit.Token).AsTask();

        Server.DropConnections();

        await Assert.ThrowsAsync<QueueUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => held.AckAsync(CancellationToken.None).AsTask());
        await queue.PublishAsync("after");
        var found = new HashSet<string>();
        while (found.Count < 2)
        {
            var delivery = await queue.ReceiveOneAsync();
            Assert.True(delivery.Attempt >= (delivery.MessageId == "held" ? 2 : 1));
            found.Add(delivery.MessageId);
            await delivery.AckAsync(CancellationToken.None);
        }

        Assert.Equal(2, Server.Connections);
    }

    [Fact]
    public async Task Links_ClosedByTheServiceBecauseTheyWereIdle_AreOpenedAgainAndDeliveriesStay()
    {
        Stored.LockDuration = TimeSpan.FromSeconds(2);
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
    public async Task Link_NeverAnswers_IsGivenUpForAnother()
    {
        Server.AttachesSilentLinks = true;
        var options = Options();
        options.ConfirmTimeout = TimeSpan.FromSeconds(3);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("unanswered"));
        Server.AttachesSilentLinks = false;

        await queue.PublishAsync("answered");

        await TakeAsync(queue, "answered");
        Assert.Equal(2, Server.Connections);
    }

    [Fact]
    public async Task Lock_LostWhileTheWorkerIsSlow_AckThrowsAndTheMessageComesAgain()
    {
        Stored.LockDuration = TimeSpan.FromMilliseconds(300);
        var options = Options();
        options.LockRenewalInterval = TimeSpan.FromSeconds(1);
        options.MaxUnsettled = 1;
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
        Assert.Equal((1, 0, 0), Stored.Count());

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
        var options = Options();
        options.MaxUnsettled = 1;
        await using var last = ServiceBusQueueFixture.Create(options);
        await last.PublishAsync("poison");
        for (var crash = 0; crash < 2; crash++)
        {
            var queue = ServiceBusQueueFixture.Create(options);
            Assert.Equal(crash + 1, (await queue.ReceiveOneAsync()).Attempt);
            await queue.AbandonAsync();
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
        await using var queue = ServiceBusQueueFixture.Create(options);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));

        Assert.Contains("AzureServiceBusQueueOptions.QueueName", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStatus_PolicyWithoutManage_ThrowsAndNamesTheRight()
    {
        var policy = Server.AddPolicy(new SasPolicy("worker", "a2V5", Manage: false));
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(policy) + ";EntityPath=" + QueueName;
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("one");

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.GetStatusAsync(CancellationToken.None).AsTask());

        Assert.Contains("the right Manage", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A settlement is not answered, so it may still be on its way.</summary>
    private Task WaitForEmptyAsync() => WaitForAsync(() => Stored.Count() == (0, 0, 0));

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
