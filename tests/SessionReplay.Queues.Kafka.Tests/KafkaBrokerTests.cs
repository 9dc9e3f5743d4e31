using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka.Tests;

/// <summary>What goes wrong at the brokers, and records that this adapter did not write.</summary>
[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaBrokerTests(KafkaQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Receive_RecordsRemovedUnhandled_TellsHowManyAndGoesOn()
    {
        const int Published = 400;
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        await using var queue = fixture.Open(options);
        for (var i = 0; i < Published; i++)
        {
            // The mock cluster keeps 5 MiB of a partition.
            await queue.PublishAsync(new QueueMessage($"m{i}", "same", new byte[30_000]), CancellationToken.None);
        }

        var found = new HashSet<string>();
        while (!found.Contains($"m{Published - 1}"))
        {
            foreach (var delivery in await fixture.ReceiveAsync(queue, options, 100))
            {
                found.Add(delivery.MessageId);
                await delivery.AckAsync(CancellationToken.None);
            }
        }

        Assert.InRange(found.Count, 1, Published - 1);
        Assert.Contains(
            fixture.Log.Lines,
            line => line.Contains($"Error {Published - found.Count} records of {options.QueueName} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Receive_OffsetsCannotBeRead_TriesAgain()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        await using var queue = fixture.Open(options);
        await queue.PublishAsync(new QueueMessage("waits", "session", new byte[10]), CancellationToken.None);
        fixture.Kafka.FailOffsetFetches(ErrorCode.GroupAuthorizationFailed, 2);

        var delivery = Assert.Single(await fixture.ReceiveAsync(queue, options, 1));

        Assert.Equal("waits", delivery.MessageId);
        await delivery.AckAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Receive_RecordOfAStranger_CanBeSetAsideAndListed()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        await using var queue = fixture.Open(options);
        using (var stranger = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = fixture.Kafka.Servers }).Build())
        {
            var headers = new Headers { { "sr-id", new byte[100_000] }, { "sr-attempts", "999999999999"u8.ToArray() },
                { "sr-due", "9223372036854775807"u8.ToArray() }, { "sr-published", "-5"u8.ToArray() } };
            await stranger.ProduceAsync(
                new TopicPartition(options.QueueName + ".retry", 1), new Message<byte[], byte[]> { Headers = headers });
        }

        options.MaxRetryDelay = TimeSpan.FromMilliseconds(500);
        var delivery = Assert.Single(await fixture.ReceiveAsync(queue, options, 1));

        Assert.Equal($"{options.QueueName}.retry-1-0", delivery.MessageId);
        Assert.True(delivery.Body.IsEmpty);
        await delivery.RetryAsync("no message of ours", CancellationToken.None);
        var letter = Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        Assert.Equal(("no message of ours", delivery.MessageId), (letter.Reason, letter.MessageId));
    }

    [Fact]
    public async Task Retry_RecordLargerThanNowAllowed_GoesOnAllTheSame()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        var smaller = fixture.Options(options.QueueName, fixture.Settings);
        smaller.MaxMessageBytes = 128 * 1024;
        await using var before = fixture.Open(options);
        await before.PublishAsync(new QueueMessage("large", "session", new byte[900_000]), CancellationToken.None);
        await using var queue = fixture.Create(smaller);

        await (Assert.Single(await fixture.ReceiveAsync(queue, options, 1))).RetryAsync("later", CancellationToken.None);
        await (Assert.Single(await fixture.ReceiveAsync(queue, options, 1))).DeadLetterAsync("never", CancellationToken.None);

        Assert.Equal(900_000, Assert.Single(await queue.ListAsync(10, CancellationToken.None)).Bytes);
        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task Retry_BrokersAway_ThrowsAndTheMessageComesAgain()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        options.ConfirmTimeout = TimeSpan.FromSeconds(2);
        await using var queue = fixture.Open(options);
        await queue.PublishAsync(new QueueMessage("returned", "session", new byte[10]), CancellationToken.None);
        var delivery = Assert.Single(await fixture.ReceiveAsync(queue, options, 1));

        await fixture.BreakPeerAsync();
        try
        {
            await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.RetryAsync("later", CancellationToken.None).AsTask());
        }
        finally
        {
            await fixture.RestorePeerAsync();
        }

        delivery = Assert.Single(await fixture.ReceiveAsync(queue, options, 1));
        Assert.Equal("returned", delivery.MessageId);
        await delivery.AckAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Dispose_BrokersAway_EndsWithinTheTimeLimits()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        options.ConfirmTimeout = TimeSpan.FromSeconds(2);
        var queue = fixture.Open(options);
        await queue.PublishAsync(new QueueMessage("acknowledged", "session", new byte[10]), CancellationToken.None);
        var delivery = Assert.Single(await fixture.ReceiveAsync(queue, options, 1));

        await fixture.BreakPeerAsync();
        try
        {
            await delivery.AckAsync(CancellationToken.None);
            await queue.DisposeAsync().AsTask().WaitAsync(Patience);
        }
        finally
        {
            await fixture.RestorePeerAsync();
        }
    }

    [Fact]
    public async Task Dispose_WhileReceiving_EndsTheWait()
    {
        var options = fixture.Options(fixture.NewQueueName(), fixture.Settings);
        var queue = fixture.Open(options);
        var receiving = queue.ReceiveAsync(1, CancellationToken.None).AsTask();
        await Task.Delay(100);

        await queue.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.WaitAsync(Patience));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.ReceiveAsync(1, CancellationToken.None).AsTask());
    }
}
