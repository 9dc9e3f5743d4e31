using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

// Long: a test for each rule of the contract.
/// <summary>Every message is delivered, to one consumer at a time, until it is settled.</summary>
public abstract class DeliveryConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    private const int Publishers = 8;
    private const int Consumers = 4;
    private const int MessagesPerPublisher = 250;

    // Long: one scenario from its start to its end.
    [SkippableFact]
    public async Task Receive_ManyPublishersAndUnreliableConsumers_FindsEveryMessage()
    {
        var name = Fixture.NewQueueName();
        var settings = Fixture.Settings with { MaxAttempts = 100, MaxRetryDelay = Fixture.Settings.FirstRetryDelay };
        await using var first = await ConnectAsync(name, settings);
        await using var second = await ConnectAsync(name, settings);
        var bodies = new ConcurrentDictionary<string, byte[]>();
        var acknowledged = new ConcurrentDictionary<string, int>();
        using var limit = new CancellationTokenSource(2 * Patience);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);

        var publishing = Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (var i = 0; i < MessagesPerPublisher; i++)
            {
                var id = $"p{publisher}-{i}";
                bodies[id] = RandomBody(200 + (i * 7 % 2000));
                await (i % 2 == 0 ? first : second).Queue.PublishAsync(Message(id, bodies[id]), limit.Token);
            }
        })).ToArray();
        var consuming = Enumerable.Range(0, Consumers).Select(consumer => Task.Run(async () =>
        {
            var client = consumer % 2 == 0 ? first : second;
            try
            {
                while (true)
                {
                    foreach (var delivery in await client.Queue.ReceiveAsync(20, done.Token))
                    {
                        await ConsumeAsync(delivery, bodies, acknowledged);
                    }

                    if (acknowledged.Count == Publishers * MessagesPerPublisher)
                    {
                        await done.CancelAsync();
                    }
                }
            }
            catch (OperationCanceledException) when (done.IsCancellationRequested)
            {
                // Every message was found, or time is up, which the assertions below tell.
            }
        })).ToArray();
        await Task.WhenAll(publishing);
        await Task.WhenAll(consuming);

        var lost = bodies.Keys.Except(acknowledged.Keys).ToList();
        if (lost.Count > 0)
        {
            Assert.Fail(
                $"Not delivered: {string.Join(", ", lost.Take(20))} ({lost.Count} of {bodies.Count}). {await first.DescribeAsync()}");
        }

        Assert.Empty(await first.DeadLetters.ListAsync(10, CancellationToken.None));
        Count(bodies.Count, bodies.Count, acknowledged.Count, acknowledged.Values.Sum() - acknowledged.Count);
    }

    [SkippableFact]
    public async Task Receive_Limit_IsKept()
    {
        await using var client = await ConnectAsync();
        var ids = Enumerable.Range(0, 10).Select(i => $"m{i}").ToArray();
        foreach (var id in ids)
        {
            await PublishAsync(client, id);
        }

        var found = new HashSet<string>();
        using var limit = Limit();
        while (found.Count < ids.Length)
        {
            var deliveries = await client.Queue.ReceiveAsync(3, limit.Token);
            Assert.InRange(deliveries.Count, 1, 3);
            foreach (var delivery in deliveries)
            {
                found.Add(delivery.MessageId);
                await delivery.AckAsync(limit.Token);
            }
        }

        await WaitForEmptyAsync(client);
        Count(ids.Length, ids.Length, found.Count);
    }

    [SkippableFact]
    public async Task Receive_EmptyQueue_WaitsForTheNextMessage()
    {
        var name = Fixture.NewQueueName();
        await using var consumer = await ConnectAsync(name);
        await using var publisher = await ConnectAsync(name);
        var receiving = ReceiveOneAsync(consumer);
        await Task.Delay(100);
        Assert.False(receiving.IsCompleted);

        await PublishAsync(publisher, "awaited");

        await using var delivery = await receiving;
        Assert.Equal("awaited", delivery.MessageId);
        Assert.Equal(1, delivery.Attempt);
        await delivery.AckAsync(CancellationToken.None);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Receive_CancelledAgainAndAgain_LosesNothing()
    {
        await using var client = await ConnectAsync();
        var ids = Enumerable.Range(0, 100).Select(i => $"m{i}").ToArray();
        var found = new HashSet<string>();
        var publishing = Task.Run(async () =>
        {
            foreach (var id in ids)
            {
                await PublishAsync(client, id);
            }
        });

        for (var i = 0; i < 60; i++)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(i % 12));
            try
            {
                foreach (var delivery in await client.Queue.ReceiveAsync(2, soon.Token))
                {
                    found.Add(delivery.MessageId);
                    await delivery.AckAsync(CancellationToken.None);
                }
            }
            catch (OperationCanceledException)
            {
                // What it may have received is back in the queue.
            }
        }

        await publishing;
        found.UnionWith((await DrainAsync(client, ids.Except(found))).Keys);
        Assert.Equal(ids.Order(), found.Order());
        Count(ids.Length, ids.Length, found.Count);
    }

    [SkippableFact]
    public async Task Receive_CancelledOnAnEmptyQueue_DoesNotWearOutTheNextMessage()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "first");
        await TakeAsync(client, "first");
        for (var i = 0; i < 30; i++)
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Queue.ReceiveAsync(10, soon.Token).AsTask());
        }

        await PublishAsync(client, "next");

        await using var delivery = await ReceiveOneAsync(client);
        Assert.Equal("next", delivery.MessageId);
        Assert.InRange(delivery.Attempt, 1, 2);
        await delivery.AckAsync(CancellationToken.None);
        await WaitForEmptyAsync(client);
        Count(2, 2, 2);
    }

    [SkippableFact]
    public async Task Settle_Twice_ThrowsInvalidOperation()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "once");
        var delivery = await ReceiveOneAsync(client);

        await delivery.AckAsync(CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => delivery.AckAsync(CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => delivery.RetryAsync("late", CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => delivery.DeadLetterAsync("late", CancellationToken.None).AsTask());
        await delivery.DisposeAsync();
        await WaitForEmptyAsync(client);
        Assert.Empty(await client.DeadLetters.ListAsync(10, CancellationToken.None));
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Settle_Concurrently_OneCallWins()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "contested");
        var delivery = await ReceiveOneAsync(client);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                await delivery.AckAsync(CancellationToken.None);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        })));

        Assert.Single(outcomes, won => won);
        await WaitForEmptyAsync(client);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Dispose_Unsettled_GivesBackAtOnce()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "returned");
        await using (var delivery = await ReceiveOneAsync(client))
        {
            Assert.Equal(1, delivery.Attempt);
        }

        await using var again = await ReceiveOneAsync(client);

        Assert.Equal("returned", again.MessageId);
        Assert.Equal(Fixture.ForgetsReleasedAttempts ? 1 : 2, again.Attempt);
        await again.AckAsync(CancellationToken.None);
        await WaitForEmptyAsync(client);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Receive_TwoClients_NeverShareAnUnsettledMessage()
    {
        var name = Fixture.NewQueueName();
        await using var first = await ConnectAsync(name);
        await using var second = await ConnectAsync(name);
        var ids = Enumerable.Range(0, 20).Select(i => $"m{i}").ToArray();
        foreach (var id in ids)
        {
            await PublishAsync(first, id);
        }

        // An adapter may fetch in advance, so that one of the two gets all.
        var held = new ConcurrentQueue<IQueueDelivery>();
        using var limit = Limit();
        using var all = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        await Task.WhenAll(HoldAsync(first, held, ids.Length, all), HoldAsync(second, held, ids.Length, all));

        Assert.Equal(ids.Order(), held.Select(delivery => delivery.MessageId).Order());
        foreach (var delivery in held)
        {
            await delivery.AckAsync(limit.Token);
        }

        await WaitForEmptyAsync([first, second], ids);
        Count(ids.Length, ids.Length, held.Count);
    }

    [SkippableFact]
    public async Task Lease_WorkLongerThanTheLease_IsKeptAlive()
    {
        var name = Fixture.NewQueueName();
        await using var worker = await ConnectAsync(name);
        await using var other = await ConnectAsync(name);
        await PublishAsync(worker, "slow");
        await using var delivery = await ReceiveOneAsync(worker);

        await AssertNothingComesAsync(other, 2.5 * Fixture.Settings.LeaseTime);

        await delivery.AckAsync(CancellationToken.None);
        await WaitForEmptyAsync([other, worker], ["slow"]);
        Count(1, 1, 1);
    }

    /// <summary>Receives without settling until both clients together hold so many.</summary>
    private static async Task HoldAsync(QueueClient client, ConcurrentQueue<IQueueDelivery> held, int count, CancellationTokenSource all)
    {
        try
        {
            while (true)
            {
                foreach (var delivery in await client.Queue.ReceiveAsync(3, all.Token))
                {
                    held.Enqueue(delivery);
                }

                if (held.Count >= count)
                {
                    await all.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Enough, or time is up, which the caller's assertion tells.
        }
    }

    /// <summary>Acknowledges most deliveries, gives some back and drops some.</summary>
    private static async Task ConsumeAsync(
        IQueueDelivery delivery, ConcurrentDictionary<string, byte[]> bodies, ConcurrentDictionary<string, int> acknowledged)
    {
        await using (delivery)
        {
            Assert.True(
                bodies[delivery.MessageId].AsSpan().SequenceEqual(delivery.Body.Span), $"The body of {delivery.MessageId} has changed.");
            try
            {
                switch (Random.Shared.Next(10))
                {
                    case 0:
                        await delivery.RetryAsync("not today", CancellationToken.None);
                        break;
                    case 1:
                        break;
                    default:
                        await delivery.AckAsync(CancellationToken.None);
                        acknowledged.AddOrUpdate(delivery.MessageId, 1, (_, times) => times + 1);
                        break;
                }
            }
            catch (QueueUnavailableException)
            {
                // Not confirmed: it comes again.
            }
        }
    }
}
