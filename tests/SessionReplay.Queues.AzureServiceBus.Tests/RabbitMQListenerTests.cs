using System.Collections.Concurrent;
using System.Globalization;
using RabbitMQ.Client;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing.Peers;
using Xunit.Abstractions;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>
/// What is AMQP 1.0 alone, against an independent broker: SASL PLAIN, sending with awaited outcomes, credit, accept and release, recovery. RabbitMQ's
/// listener knows no tokens, locks, schedules, deferral, peeking or dead-letter sub-queue.
/// </summary>
public sealed class RabbitMQListenerTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private RabbitMqServer? _server;

    public async Task InitializeAsync()
    {
        if (RabbitMqServer.IsInstalled)
        {
            _server = await RabbitMqServer.StartAsync("rabbitmq_amqp1_0");
        }
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task Messages_OfManySizes_ArriveAsTheyWereAndAreRemovedByAck()
    {
        await using var queue = await CreateAsync("sizes");
        int[] sizes = [0, 1, 257, 70_000, queue.MaxMessageBytes];
        foreach (var size in sizes)
        {
            await queue.PublishAsync(new QueueMessage($"m{size}", "session", Body(size)), CancellationToken.None);
        }

        foreach (var size in sizes)
        {
            var delivery = await queue.ReceiveOneAsync();
            Assert.Equal($"m{size}", delivery.MessageId);
            Assert.Equal(1, delivery.Attempt);
            Assert.True(Body(size).AsSpan().SequenceEqual(delivery.Body.Span));
            await delivery.AckAsync(CancellationToken.None);
        }

        await queue.DisposeAsync();
        await using var again = await CreateAsync("sizes");
        await AssertNothingComesAsync(again);
    }

    [SkippableFact]
    public async Task Deliveries_DisposedRetriedOrLeftBehind_ComeAgain()
    {
        await using var queue = await CreateAsync("again");
        await using var other = await CreateAsync("again");
        await queue.PublishAsync(new QueueMessage("one", "session", Body(10)), CancellationToken.None);
        await (await queue.ReceiveOneAsync()).DisposeAsync();
        var delivery = await queue.ReceiveOneAsync();
        await delivery.RetryAsync("again", CancellationToken.None);
        Assert.Equal("one", (await queue.ReceiveOneAsync()).MessageId);

        await queue.DisposeAsync();

        delivery = await other.ReceiveOneAsync();
        Assert.Equal(("one", Convert.ToHexString(Body(10))), (delivery.MessageId, Convert.ToHexString(delivery.Body.Span)));
        await delivery.AckAsync(CancellationToken.None);
    }

    [SkippableFact]
    public async Task Outcomes_OfEachSettlement_AreUnderstood()
    {
        await using var queue = await CreateAsync("outcomes", prefetch: 1);

        // Released.
        await queue.PublishAsync(new QueueMessage("one", "session", Body(10)), CancellationToken.None);
        await (await queue.ReceiveOneAsync()).DisposeAsync();
        var delivery = await queue.ReceiveOneAsync();

        // Released too: without sequence numbers nothing is deferred, and this listener ends the session of who sends modified.
        await queue.PublishAsync(new QueueMessage("two", "session", Body(10)), CancellationToken.None);
        await delivery.RetryAsync("later", CancellationToken.None);
        var found = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            // Accepted.
            delivery = await queue.ReceiveOneAsync();
            found.Add(delivery.MessageId);
            await delivery.AckAsync(CancellationToken.None);
        }

        Assert.Equal(["one", "two"], found.Order());

        // Rejected.
        await queue.PublishAsync(new QueueMessage("three", "session", Body(10)), CancellationToken.None);
        await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);
        await queue.DisposeAsync();
        await using var again = await CreateAsync("outcomes", declare: false);
        await AssertNothingComesAsync(again);
    }

    [SkippableFact]
    public async Task SaslPlain_WrongPassword_ThrowsAndNamesTheKey()
    {
        await using var queue = await CreateAsync("refused", "open-sesame");

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(
            () => queue.PublishAsync(new QueueMessage("one", "session", Body(1)), CancellationToken.None).AsTask());

        Assert.DoesNotContain("open-sesame", refusal.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Broker_KilledAndRestartedUnderLoad_EveryConfirmedMessageIsFound()
    {
        await using var publisher = await CreateAsync("load");
        await using var consumer = await CreateAsync("load");
        var confirmed = new ConcurrentDictionary<string, bool>();
        var found = new ConcurrentDictionary<string, int>();
        using var limit = new CancellationTokenSource(2 * Patience);
        using var publishingEnds = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        using var consumingEnds = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var sent = 0;
        var publishing = Task.Run(async () =>
        {
            for (; !publishingEnds.IsCancellationRequested; sent++)
            {
                await TryAsync(async () =>
                {
                    await publisher.PublishAsync(new QueueMessage($"m{sent}", "session", Body(500)), limit.Token);
                    confirmed[$"m{sent}"] = true;
                });
                await Task.Delay(2, limit.Token);
            }
        });
        var consuming = Task.Run(async () =>
        {
            while (!consumingEnds.IsCancellationRequested)
            {
                await TryAsync(async () =>
                {
                    foreach (var delivery in await consumer.ReceiveAsync(20, consumingEnds.Token))
                    {
                        found.AddOrUpdate(delivery.MessageId, 1, (_, times) => times + 1);
                        await using (delivery)
                        {
                            await TryAsync(() => delivery.AckAsync(CancellationToken.None).AsTask());
                        }
                    }
                });
            }
        });

        for (var kill = 1; kill <= 2; kill++)
        {
            await WaitForAsync(() => confirmed.Count > 200 * kill, limit.Token);
            await _server!.KillAsync();
            await _server.StartAsync();
            var before = confirmed.Count;
            await WaitForAsync(() => confirmed.Count > before + 50, limit.Token);
        }

        await publishingEnds.CancelAsync();
        await publishing;
        await WaitForAsync(() => confirmed.Keys.All(found.ContainsKey), limit.Token);
        await consumingEnds.CancelAsync();
        await consuming;
        var figures = string.Create(
            CultureInfo.InvariantCulture,
            $"RabbitMQ's AMQP 1.0 listener: {sent} sent, {confirmed.Count} acknowledged, {confirmed.Keys.Count(found.ContainsKey)} found, {found.Values.Sum() - found.Count} duplicates");
        output.WriteLine(figures);
        Console.WriteLine(figures);
    }

    private static byte[] Body(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 31))];

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (QueueUnavailableException)
        {
            await Task.Delay(50);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static async Task WaitForAsync(Func<bool> condition, CancellationToken limit)
    {
        while (!condition())
        {
            await Task.Delay(20, limit);
        }
    }

    private static async Task AssertNothingComesAsync(ServiceBusMessageQueue queue)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.ReceiveAsync(10, end.Token).AsTask());
    }

    private async Task<ServiceBusMessageQueue> CreateAsync(
        string name, string password = "guest", int prefetch = 100, bool declare = true)
    {
        RabbitMqServer.Require();

        // What the listener itself would declare, for /queue/NAME, does not outlive the broker.
        var factory = new ConnectionFactory { Uri = new Uri(_server!.ConnectionString) };
        if (declare)
        {
            await using var connection = await factory.CreateConnectionAsync();
            await using var channel = await connection.CreateChannelAsync();
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false);
        }

        return ServiceBusQueueFixture.Create(new AzureServiceBusQueueOptions
        {
            ConnectionString = $"Endpoint=sb://127.0.0.1:{_server.Port};SharedAccessKeyName=guest;SharedAccessKey={password};UseDevelopmentEmulator=true",
            Authentication = ServiceBusAuthentication.SaslPlain,
            QueueName = "/amq/queue/" + name,
            MaxAttempts = 1000,
            MaxUnsettled = prefetch,
        });
    }
}
