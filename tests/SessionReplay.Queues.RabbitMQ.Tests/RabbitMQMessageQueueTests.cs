using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.RabbitMQ.Tests;

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQMessageQueueTests(RabbitMQQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [SkippableTheory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task ServiceKey_ApplicationsConnection_IsUsedAndLeftOpen(string key)
    {
        var factory = new ConnectionFactory { Uri = new Uri(fixture.Server.ConnectionString) };
        await using var connection = await factory.CreateConnectionAsync();
        var services = new ServiceCollection();
        if (key.Length == 0)
        {
            services.AddSingleton(connection);
        }
        else
        {
            services.AddKeyedSingleton(key, connection);
        }

        await using (var queue = RabbitMQQueueFixture.Create(
            new RabbitMQQueueOptions { ConnectionString = "amqp://nowhere.invalid", ServiceKey = key, QueueName = fixture.NewQueueName() },
            services.BuildServiceProvider()))
        {
            await queue.PublishAsync("one");
            await (await queue.ReceiveOneAsync()).AckAsync(CancellationToken.None);
        }

        Assert.True(connection.IsOpen);
    }

    [SkippableFact]
    public async Task ServiceKey_ApplicationsConnectionRecovers_QueueRecoversWithIt()
    {
        var factory = new ConnectionFactory { Uri = new Uri(fixture.Server.ConnectionString),
            NetworkRecoveryInterval = TimeSpan.FromMilliseconds(200) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var queue = RabbitMQQueueFixture.Create(
            new RabbitMQQueueOptions { ServiceKey = "", QueueName = fixture.NewQueueName() },
            new ServiceCollection().AddSingleton(connection).BuildServiceProvider());
        await queue.PublishAsync("before");
        var unsettled = await queue.ReceiveOneAsync();

        await fixture.BreakPeerAsync();
        await fixture.RestorePeerAsync();

        await Assert.ThrowsAsync<QueueUnavailableException>(() => unsettled.AckAsync(CancellationToken.None).AsTask());
        using var limit = new CancellationTokenSource(Patience);
        var found = new HashSet<string>();
        while (!found.SetEquals(["before", "after"]))
        {
            try
            {
                await queue.PublishAsync("after");
                foreach (var delivery in await queue.ReceiveAsync(10, limit.Token))
                {
                    found.Add(delivery.MessageId);
                    await delivery.AckAsync(limit.Token);
                }
            }
            catch (QueueUnavailableException)
            {
                await Task.Delay(100, limit.Token);
            }
        }
    }

    [SkippableFact]
    public async Task Receive_ConsumersEndAgainAndAgain_BrokerMakesADeadLetter()
    {
        var options = new RabbitMQQueueOptions
        {
            ConnectionString = fixture.Server.ConnectionString, QueueName = fixture.NewQueueName(), DeliveryLimit = 2,
        };
        await using var monitor = RabbitMQQueueFixture.Create(options);
        await monitor.PublishAsync("poison");
        for (var crash = 0; crash < 3; crash++)
        {
            await using var queue = RabbitMQQueueFixture.Create(options);
            Assert.Equal(crash + 1, (await queue.ReceiveOneAsync()).Attempt);
        }

        using var limit = new CancellationTokenSource(Patience);
        while ((await monitor.GetStatusAsync(limit.Token)).DeadLettered == 0)
        {
            await Task.Delay(50, limit.Token);
        }

        var letter = Assert.Single(await monitor.ListAsync(10, limit.Token));
        Assert.Equal("poison", letter.MessageId);
        Assert.Contains("delivery_limit", letter.Reason, StringComparison.Ordinal);
        Assert.InRange(
            letter.DeadLetteredAt, TimeProvider.System.GetUtcNow().AddMinutes(-10), TimeProvider.System.GetUtcNow().AddMinutes(10));
        Assert.Equal(1, await monitor.RedriveAsync(10, limit.Token));
        Assert.Equal(1, (await monitor.ReceiveOneAsync()).Attempt);
    }

    [SkippableFact]
    public async Task Publish_QueueOfOtherSettings_ThrowsAndNamesTheCause()
    {
        var options = new RabbitMQQueueOptions { ConnectionString = fixture.Server.ConnectionString, QueueName = fixture.NewQueueName() };
        await using (var queue = RabbitMQQueueFixture.Create(options))
        {
            await queue.PublishAsync("one");
        }

        options.DeliveryLimit = 7;
        await using var other = RabbitMQQueueFixture.Create(options);
        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => other.PublishAsync("two"));
        Assert.Contains("x-delivery-limit", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ListDeadLetters_AgainAndAgain_KeepsThem()
    {
        await using var queue = RabbitMQQueueFixture.Create(
            new RabbitMQQueueOptions { ConnectionString = fixture.Server.ConnectionString, QueueName = fixture.NewQueueName() });
        await queue.PublishAsync("kept");
        await (await queue.ReceiveOneAsync()).DeadLetterAsync("reason", CancellationToken.None);

        for (var look = 0; look < 50; look++)
        {
            Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        }

        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));
    }
}
