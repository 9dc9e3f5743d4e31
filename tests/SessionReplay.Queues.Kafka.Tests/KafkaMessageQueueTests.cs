using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Kafka.Tests;

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaMessageQueueTests(KafkaQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    // Long: one scenario from its start to its end.
    [Fact]
    public async Task Rebalance_OneOfTwoConsumersLeaves_EverythingIsDelivered()
    {
        const int Messages = 600;
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        await using var staying = fixture.Open(options);
        var leaving = fixture.Open(options);
        var found = new ConcurrentDictionary<string, int>();
        using var limit = new CancellationTokenSource(Patience);
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var byLeaving = 0;
        var extra = 0;
        var consuming = Task.Run(() => ConsumeAsync(staying, _ => { }, done.Token), limit.Token);
        var consumingBriefly = Task.Run(() => ConsumeAsync(leaving, _ => Interlocked.Increment(ref byLeaving), leaves.Token), limit.Token);

        for (var i = 0; i < Messages; i++)
        {
            await staying.PublishAsync($"m{i}", partitionKey: $"s{i % 50}");
            if (i == Messages / 2)
            {
                // The one that leaves has had its share of the partitions.
                for (; Volatile.Read(ref byLeaving) == 0; extra++)
                {
                    await staying.PublishAsync($"x{extra}", partitionKey: $"s{extra % 50}");
                    await Task.Delay(5, CancellationToken.None);
                    Assert.False(limit.IsCancellationRequested, $"The second consumer got nothing. {fixture.Describe(options.QueueName)}");
                }

                await leaves.CancelAsync();
                await consumingBriefly;
                await leaving.DisposeAsync();
            }
        }

        await WaitAsync(
            () => found.Count == Messages + extra,
            () => $"{found.Count} of {Messages + extra} were delivered. {fixture.Describe(options.QueueName)}", limit.Token);
        await done.CancelAsync();
        await consuming;

        async Task ConsumeAsync(KafkaMessageQueue queue, Action<string> seen, CancellationToken end)
        {
            try
            {
                while (true)
                {
                    foreach (var delivery in await queue.ReceiveAsync(10, end))
                    {
                        await using (delivery)
                        {
                            try
                            {
                                await delivery.AckAsync(CancellationToken.None);
                            }
                            catch (QueueUnavailableException)
                            {
                                // Its partition has gone: it comes again.
                            }
                        }

                        found.AddOrUpdate(delivery.MessageId, 1, (_, times) => times + 1);
                        seen(delivery.MessageId);
                    }
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                // The end of this consumer.
            }
        }
    }

    [Fact]
    public async Task Ack_OutOfOrder_CommitsBehindTheOldestUnsettled()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        await using (var queue = fixture.Open(options))
        {
            foreach (var id in new[] { "first", "second", "third" })
            {
                await queue.PublishAsync(id);
            }

            var held = new List<IQueueDelivery>();
            while (held.Count < 3)
            {
                held.AddRange(await fixture.ReceiveAsync(queue, options, 3));
            }

            Assert.Equal(["first", "second", "third"], held.Select(delivery => delivery.MessageId));
            await held[2].AckAsync(CancellationToken.None);
            await held[0].AckAsync(CancellationToken.None);
        }

        await using var next = fixture.Open(options);
        var again = await fixture.ReceiveAsync(next, options, 1);
        Assert.Equal("second", Assert.Single(again).MessageId);
        await again[0].AckAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Receive_MoreThanMayBeUnsettled_PausesAndGoesOn()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        options.MaxUnsettled = 4;
        await using var queue = fixture.Open(options);
        for (var i = 0; i < 100; i++)
        {
            await queue.PublishAsync($"m{i}", partitionKey: $"s{i}");
        }

        var found = new HashSet<string>();
        while (found.Count < 100)
        {
            foreach (var delivery in await fixture.ReceiveAsync(queue, options, 10))
            {
                found.Add(delivery.MessageId);
                await delivery.AckAsync(CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task Publish_TwelveMegabytes_IsReceivedWhole()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        options.MaxMessageBytes = 13 * 1024 * 1024;
        await using var queue = fixture.Open(options);

        await queue.PublishAsync(new QueueMessage("large", "session", new byte[12 * 1024 * 1024]), CancellationToken.None);

        var delivery = Assert.Single(await fixture.ReceiveAsync(queue, options, 1));
        Assert.Equal(12 * 1024 * 1024, delivery.Body.Length);
        await delivery.AckAsync(CancellationToken.None);
    }

    [Fact]
    public async Task AddKafkaQueue_OptionsOutOfRange_AreRefused()
    {
        var builder = new TestBuilder();
        builder.AddKafkaQueue(options => options.Partitions = 0);
        await using var provider = builder.Services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IMessageQueue>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task ServiceKey_ApplicationsConfiguration_IsUsedAndNotChanged(string key)
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        (options.BootstrapServers, options.ServiceKey) = ("nowhere.invalid:9092", key);
        var application = new ClientConfig { BootstrapServers = fixture.Kafka.Servers, ClientId = "application" };
        var before = application.ToList();
        var services = new ServiceCollection();
        if (key.Length == 0)
        {
            services.AddSingleton(application);
        }
        else
        {
            services.AddKeyedSingleton(key, application);
        }

        await using var provider = services.BuildServiceProvider();
        await using var queue = fixture.Open(options, provider);
        await queue.PublishAsync("one");
        await Assert.Single(await fixture.ReceiveAsync(queue, options, 1)).AckAsync(CancellationToken.None);

        Assert.Equal(before, application);
    }

    private static async Task WaitAsync(Func<bool> condition, Func<string> describe, CancellationToken limit)
    {
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail(describe());
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }
}
