using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Kafka.Tests;

/// <summary>The age of the oldest message, seen by processes that consume and by those that do not.</summary>
[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaStatusTests(KafkaQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task GetStatus_ProcessThatOnlyPublishes_TellsTheAge()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        await using var ingest = fixture.Open(options);
        await PublishAsync(ingest, "first");

        var status = await WaitAsync(ingest, status => status.OldestAge > TimeSpan.FromSeconds(1));
        await PublishAsync(ingest, "second");

        Assert.Equal((1, 0), (status.Ready, status.InFlight));
        // The younger one, of another partition, makes the queue no younger.
        Assert.True((await ingest.GetStatusAsync(CancellationToken.None)).OldestAge >= status.OldestAge);
        await using var worker = fixture.Create(options);
        await TakeAsync(worker, "first", "second");
        await WaitAsync(ingest, status => status is { Ready: 0, OldestAge: null });
    }

    [Fact]
    public async Task GetStatus_OldestIsWithAConsumer_TellsTheAgeOfTheOldestThatWaits()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        await using var worker = fixture.Open(options);
        await PublishAsync(worker, "held", partitionKey: "same");
        await using var held = await worker.ReceiveOneAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = TimeProvider.System.GetTimestamp();
        await PublishAsync(worker, "waits", partitionKey: "same");

        var status = await WaitAsync(worker, status => status is { Ready: 1, InFlight: 1, OldestAge: not null });

        Assert.True(
            status.OldestAge <= TimeProvider.System.GetElapsedTime(before) + TimeSpan.FromMilliseconds(50),
            $"{status} tells the age of what is with a consumer.");
        await held.AckAsync(CancellationToken.None);
        await TakeAsync(worker, "waits");
    }

    [Fact]
    public async Task GetStatus_MessageGivenBack_IsAsOldAsItsFirstPublishing()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        options.FirstRetryDelay = TimeSpan.FromMinutes(1);
        await using var worker = fixture.Open(options);
        await PublishAsync(worker, "again");
        var delivery = await worker.ReceiveOneAsync();
        var taken = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await delivery.RetryAsync("later", CancellationToken.None);

        await WaitAsync(worker, status => status.Ready == 1 && status.OldestAge >= TimeProvider.System.GetElapsedTime(taken));
        // A process that reads it from the brokers sees the same.
        await using var other = fixture.Create(options);
        await WaitAsync(other, status => status.Ready == 1 && status.OldestAge >= TimeProvider.System.GetElapsedTime(taken));
    }

    [Fact]
    public async Task GetStatus_MoreThanMayBeBuffered_CountsAllAndTellsTheAge()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        options.MaxUnsettled = 2;
        await using var worker = fixture.Open(options);
        for (var i = 0; i < 20; i++)
        {
            await PublishAsync(worker, $"m{i}");
        }

        var held = new List<IQueueDelivery>();
        while (held.Count < 2)
        {
            held.Add(await worker.ReceiveOneAsync());
        }

        // Nothing waits in memory: what waits is with the brokers.
        await WaitAsync(worker, status => status is { Ready: 18, InFlight: 2 } && status.OldestAge > TimeSpan.Zero);
        foreach (var delivery in held)
        {
            await delivery.DisposeAsync();
        }
    }

    private static async Task PublishAsync(KafkaMessageQueue queue, string id, string? partitionKey = null) =>
        await queue.PublishAsync(new QueueMessage(id, partitionKey ?? id, new byte[100]), CancellationToken.None);

    private static async Task TakeAsync(KafkaMessageQueue queue, params IEnumerable<string> ids)
    {
        var missing = ids.ToHashSet();
        while (missing.Count > 0)
        {
            var delivery = await queue.ReceiveOneAsync();
            missing.Remove(delivery.MessageId);
            await delivery.AckAsync(CancellationToken.None);
        }
    }

    private static async Task<QueueStatus> WaitAsync(KafkaMessageQueue queue, Func<QueueStatus, bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var status = await queue.GetStatusAsync(CancellationToken.None);
            if (condition(status))
            {
                return status;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"The status stayed at {status}.");
            await Task.Delay(50);
        }
    }
}
