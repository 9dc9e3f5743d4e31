using NATS.Client.Core;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats.Tests;

/// <summary>Who may publish may put anything into a message; none of it may stop the consumers, or keep an operator from looking.</summary>
[Collection(NatsQueueCollection.Name)]
public sealed class NatsHostileMessageTests(NatsQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string?> Values =>
        [null, "", "%%%", "%00%ff", "not base64!", "99999999999999999999999999", "-5", "9223372036854775807"];

    [SkippableTheory]
    [MemberData(nameof(Values))]
    public async Task Message_StrangeHeaders_IsDeliveredWithTheOthersSetAsideListedAndPutBack(string? value)
    {
        var stream = fixture.NewQueueName();
        await using var queue = NatsQueueFixture.Create(
            new NatsQueueOptions { ConnectionString = fixture.Server.Url, QueueName = stream,
                FirstRetryDelay = TimeSpan.FromMilliseconds(50) });
        await queue.PublishAsync(new QueueMessage("ours", "session", new byte[10]), CancellationToken.None);
        await PublishAsync(stream + ".messages", value);
        using var limit = new CancellationTokenSource(Patience);

        var found = new List<byte[]>();
        while (found.Count < 2)
        {
            foreach (var delivery in await queue.ReceiveAsync(10, limit.Token))
            {
                found.Add(delivery.Body.ToArray());
                Assert.InRange(delivery.MessageId.Length, 0, 128);
                await (found.Count == 1 ? delivery.AckAsync(limit.Token) : delivery.DeadLetterAsync("broken", limit.Token));
            }
        }

        Assert.Equal([10, 3], found.Select(body => body.Length));
        Assert.Equal("broken", Assert.Single(await queue.ListAsync(10, limit.Token)).Reason);
        Assert.Equal(1, await queue.RedriveAsync(10, limit.Token));
        Assert.Equal([1, 2, 3], Assert.Single(await queue.ReceiveAsync(10, limit.Token)).Body.ToArray());
    }

    [SkippableTheory]
    [MemberData(nameof(Values))]
    public async Task DeadLetter_StrangeHeaders_IsListed(string? value)
    {
        var stream = fixture.NewQueueName();
        await using var queue = NatsQueueFixture.Create(new NatsQueueOptions { ConnectionString = fixture.Server.Url, QueueName = stream });
        await queue.GetStatusAsync(CancellationToken.None);
        await PublishAsync(stream + ".dead", value);

        Assert.InRange(Assert.Single(await queue.ListAsync(10, CancellationToken.None)).Attempts, 0, 1_000_000);
    }

    [SkippableFact]
    public async Task Message_TooLargeToBeSetAside_DoesNotComeAgainAtOnceForEver()
    {
        var stream = fixture.NewQueueName();
        await using var queue = NatsQueueFixture.Create(
            new NatsQueueOptions { ConnectionString = fixture.Server.Url, QueueName = stream, DeliveryLimit = 1 });
        await queue.GetStatusAsync(CancellationToken.None);
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = fixture.Server.Url });
        await connection.ConnectAsync();
        var context = new NatsJSContext(connection);
        (await context.PublishAsync(stream + ".messages", new byte[connection.ServerInfo!.MaxPayload])).EnsureSuccess();
        using var limit = new CancellationTokenSource(Patience);
        await Assert.Single(await queue.ReceiveAsync(1, limit.Token)).DisposeAsync();

        using var end = new CancellationTokenSource();
        var receiving = queue.ReceiveAsync(1, end.Token).AsTask();
        var consumer = await context.GetConsumerAsync(stream, "workers", limit.Token);
        while (consumer.Info.Delivered.ConsumerSeq < 2)
        {
            await Task.Delay(50, limit.Token);
            await consumer.RefreshAsync(limit.Token);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), limit.Token);
        await consumer.RefreshAsync(limit.Token);
        Assert.Equal(2u, consumer.Info.Delivered.ConsumerSeq);
        await queue.PublishAsync(new QueueMessage("ours", "session", new byte[10]), limit.Token);
        Assert.Equal("ours", Assert.Single(await receiving).MessageId);
        Assert.Equal(2, (await queue.GetStatusAsync(limit.Token)).InFlight + (await queue.GetStatusAsync(limit.Token)).Ready);
    }

    private async Task PublishAsync(string subject, string? value)
    {
        await using var connection = new NatsConnection(NatsOpts.Default with { Url = fixture.Server.Url });
        var headers = new NatsHeaders();
        if (value is not null)
        {
            foreach (var name in new[] { "Sr-Id", "Sr-Partition", "Sr-Attempts", "Sr-Reason" })
            {
                headers[name] = value;
            }

            headers["Sr-Other"] = new string('o', 50_000);
        }

        var context = new NatsJSContext(connection);
        (await context.PublishAsync(subject, new byte[] { 1, 2, 3 }, headers: headers)).EnsureSuccess();
    }
}
