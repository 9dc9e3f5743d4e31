using RabbitMQ.Client;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.RabbitMQ.Tests;

/// <summary>Who may publish may put anything into a message; none of it may stop the consumers, or keep an operator from looking.</summary>
[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQHostileMessageTests(RabbitMQQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Kinds => ["none", "table", "time", "double", "huge", "least", "negative", "long", "list", "deaths"];

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Message_StrangeHeaders_IsDeliveredRetriedSetAsideListedAndPutBack(string kind)
    {
        var options = new RabbitMQQueueOptions
        {
            ConnectionString = fixture.Server.ConnectionString, QueueName = fixture.NewQueueName(), MaxUnsettled = 1,
            FirstRetryDelay = TimeSpan.FromMilliseconds(50),
        };
        await using var queue = RabbitMQQueueFixture.Create(options);
        Assert.Equal(0, (await queue.GetStatusAsync(CancellationToken.None)).Ready);
        await PublishAsync(options.QueueName, kind);

        var delivery = await queue.ReceiveOneAsync();
        Assert.True(delivery.Attempt >= 1);
        await PublishAsync(options.QueueName, kind);
        var status = await queue.GetStatusAsync(CancellationToken.None);
        Assert.True(status.OldestAge is null || status.OldestAge < TimeSpan.FromDays(1));
        await delivery.RetryAsync("later", CancellationToken.None);
        for (var i = 0; i < (kind == "huge" ? 1 : 2); i++)
        {
            // One with so many attempts has become a dead letter already.
            delivery = await queue.ReceiveOneAsync();
            Assert.Equal([1, 2, 3], delivery.Body.ToArray());
            await delivery.DeadLetterAsync("broken", CancellationToken.None);
        }

        using var limit = new CancellationTokenSource(Patience);
        Assert.Equal(2, (await queue.ListAsync(10, limit.Token)).Count);
        Assert.Equal(2, await queue.RedriveAsync(10, limit.Token));
        Assert.Equal([1, 2, 3], (await queue.ReceiveOneAsync()).Body.ToArray());
    }

    [SkippableTheory]
    [InlineData("huge")]
    [InlineData("least")]
    [InlineData("time")]
    [InlineData("deaths")]
    public async Task DeadLetter_StrangeHeaders_IsListed(string kind)
    {
        var options = new RabbitMQQueueOptions { ConnectionString = fixture.Server.ConnectionString, QueueName = fixture.NewQueueName() };
        await using var queue = RabbitMQQueueFixture.Create(options);
        await queue.GetStatusAsync(CancellationToken.None);
        await PublishAsync(options.QueueName + ".dead", kind, reason: new string('r', 5000));

        Assert.Equal(1024, Assert.Single(await queue.ListAsync(10, CancellationToken.None)).Reason.Length);
    }

    private async Task PublishAsync(string queue, string kind, string? reason = null)
    {
        object? value = kind switch
        {
            "table" => new Dictionary<string, object?> { ["a"] = 1 },
            "time" => new AmqpTimestamp(long.MaxValue),
            "double" => 1.5e300,
            "huge" => long.MaxValue,
            "least" => long.MinValue,
            "negative" => -5L,
            "list" => new List<object?> { 1, "b" },
            _ => "many",
        };
        var headers = new Dictionary<string, object?>();
        if (kind != "none")
        {
            foreach (var name in new[] { "sr-attempts", "sr-published-at", "sr-dead-at", "x-delivery-count" })
            {
                headers[name] = value;
            }

            headers["sr-partition"] = new string('p', 100_000);
        }

        if (kind == "deaths")
        {
            headers["x-death"] = new List<object?> { new Dictionary<string, object?> { ["time"] = new AmqpTimestamp(long.MaxValue) } };
        }

        if (reason is not null)
        {
            headers["sr-reason"] = reason;
        }

        var factory = new ConnectionFactory { Uri = new Uri(fixture.Server.ConnectionString) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync(
            "", queue, mandatory: true, new BasicProperties { MessageId = new string('m', 200), Headers = headers },
            new byte[] { 1, 2, 3 });
    }
}
