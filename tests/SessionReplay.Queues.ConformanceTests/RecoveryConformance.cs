using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>A confirmed message outlives every client and the peer's crash; clients recover by themselves.</summary>
public abstract class RecoveryConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    [SkippableFact]
    public async Task Reopen_AllClientsEnded_KeepsMessagesAndDeadLetters()
    {
        var name = Fixture.NewQueueName();
        await using (var client = await ConnectAsync(name))
        {
            await PublishAsync(client, "dead");
            await (await ReceiveOneAsync(client)).DeadLetterAsync("kept", CancellationToken.None);
            await PublishAsync(client, "kept-1");
            await PublishAsync(client, "kept-2");
        }

        await using var reopened = await ConnectAsync(name);
        Assert.Equal("kept", Assert.Single(await reopened.DeadLetters.ListAsync(10, CancellationToken.None)).Reason);
        var found = await DrainAsync(reopened, ["kept-1", "kept-2"]);
        await WaitForEmptyAsync(reopened);
        Count(3, 3, found.Count + 1);
    }

    [SkippableFact]
    public async Task PeerGone_Publish_ThrowsAndRecoversByItself()
    {
        Skip.IfNot(Fixture.CanBreakPeer, $"{Fixture.Adapter}'s peer cannot be taken away.");
        await using var client = await ConnectAsync();
        await PublishAsync(client, "before");

        await Fixture.BreakPeerAsync();
        try
        {
            await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(client, "refused"));
        }
        finally
        {
            await Fixture.RestorePeerAsync();
        }

        await PublishUntilConfirmedAsync(client, "after");
        var found = await DrainAsync(client, ["before", "after"]);
        Count(3, 2, found.Keys.Count(id => id != "refused"));
    }

    // Long: one scenario from its start to its end.
    [SkippableFact]
    public async Task PeerKilled_UnderLoad_EveryConfirmedMessageIsFound()
    {
        Skip.IfNot(Fixture.CanBreakPeer, $"{Fixture.Adapter}'s peer cannot be taken away.");
        var name = Fixture.NewQueueName();
        var settings = Fixture.Settings with { MaxAttempts = 1000 };
        await using var publisher = await ConnectAsync(name, settings);
        await using var consumer = await ConnectAsync(name, settings);
        var sent = 0;
        var confirmed = new ConcurrentDictionary<string, bool>();
        var found = new ConcurrentDictionary<string, int>();
        using var publishingEnds = new CancellationTokenSource();
        using var consumingEnds = new CancellationTokenSource();

        var publishing = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !publishingEnds.IsCancellationRequested && i < 50_000; i++)
            {
                var id = $"w{worker}-{i}";
                Interlocked.Increment(ref sent);
                if (await TryPublishAsync(publisher, id))
                {
                    confirmed[id] = true;
                }

                await Task.Delay(2);
            }
        })).ToArray();
        var consuming = Enumerable.Range(0, 2).Select(_ => Task.Run(() => ConsumeUntilAsync(consumer, found, consumingEnds.Token)))
            .ToArray();

        for (var kill = 1; kill <= 2; kill++)
        {
            await WaitForAsync(() => confirmed.Count > 200 * kill);
            await Fixture.BreakPeerAsync();
            await Task.Delay(300);
            await Fixture.RestorePeerAsync();
            var before = confirmed.Count;
            await WaitForAsync(() => confirmed.Count > before + 50);
        }

        await publishingEnds.CancelAsync();
        await Task.WhenAll(publishing);
        try
        {
            await WaitForAsync(() => confirmed.Keys.All(found.ContainsKey));
        }
        catch (TimeoutException)
        {
            var lost = confirmed.Keys.Where(id => !found.ContainsKey(id)).ToList();
            Assert.Fail(
                $"Confirmed and not delivered: {string.Join(", ", lost.Take(20))} ({lost.Count} of {confirmed.Count}). {await consumer.DescribeAsync()}");
        }

        await consumingEnds.CancelAsync();
        await Task.WhenAll(consuming);
        Count(sent, confirmed.Count, confirmed.Keys.Count(found.ContainsKey), found.Values.Sum() - found.Count);
    }

    private static async Task<bool> TryPublishAsync(QueueClient client, string id)
    {
        try
        {
            await PublishAsync(client, id);
            return true;
        }
        catch (QueueUnavailableException)
        {
            await Task.Delay(50);
            return false;
        }
    }

    private static async Task PublishUntilConfirmedAsync(QueueClient client, string id)
    {
        var confirmed = false;
        for (var i = 0; i < 1000 && !confirmed; i++)
        {
            confirmed = await TryPublishAsync(client, id);
        }

        Assert.True(confirmed, "The queue did not recover.");
    }

    private static async Task ConsumeUntilAsync(QueueClient client, ConcurrentDictionary<string, int> found, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                foreach (var delivery in await client.Queue.ReceiveAsync(20, end))
                {
                    found.AddOrUpdate(delivery.MessageId, 1, (_, times) => times + 1);
                    await AckOrLeaveAsync(delivery);
                }
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (QueueUnavailableException)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>
    /// What the peer does not confirm it delivers again. An exception must not leave the other deliveries unsettled: they would be kept
    /// alive.
    /// </summary>
    private static async Task AckOrLeaveAsync(IQueueDelivery delivery)
    {
        await using (delivery)
        {
            try
            {
                await delivery.AckAsync(CancellationToken.None);
            }
            catch (QueueUnavailableException)
            {
                // It comes again.
            }
        }
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > 2 * Patience)
            {
                throw new TimeoutException($"The queue did not recover within {2 * Patience}.");
            }

            await Task.Delay(20);
        }
    }
}
