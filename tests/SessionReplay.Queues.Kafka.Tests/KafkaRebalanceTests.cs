namespace SessionReplay.Queues.Kafka.Tests;

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaRebalanceTests(KafkaQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>The client keeps a partition paused over its loss and return: the consumer must not forget it.</summary>
    [Fact]
    public async Task Receive_PartitionsLeaveWhilePausedAndComeBack_AreConsumedAgain()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        (options.MaxUnsettled, options.RebalanceTimeout) = (2, TimeSpan.FromSeconds(1));
        using var limit = new CancellationTokenSource(Patience);
        await using var staying = fixture.Open(options);
        var ids = Enumerable.Range(0, 16).Select(i => $"m{i}").ToHashSet();
        foreach (var id in ids)
        {
            await staying.PublishAsync(new QueueMessage(id, id, new byte[100]), limit.Token);
        }

        // The buffer is full and all partitions of the one that stays are paused; half of them go.
        var held = await staying.ReceiveAsync(2, limit.Token);
        await using (var passing = fixture.Create(options))
        {
            await (await passing.ReceiveAsync(1, limit.Token))[0].DisposeAsync();
        }

        foreach (var delivery in held)
        {
            await delivery.DisposeAsync();
        }

        while (ids.Count > 0)
        {
            foreach (var delivery in await staying.ReceiveAsync(10, limit.Token))
            {
                await delivery.AckAsync(limit.Token);
                ids.Remove(delivery.MessageId);
            }
        }
    }
}
