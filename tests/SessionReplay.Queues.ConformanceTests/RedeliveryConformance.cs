using System.Diagnostics;
using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>What was not dealt with is delivered again, later and later, and not for ever.</summary>
public abstract class RedeliveryConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    [SkippableFact]
    public async Task Retry_Always_DeliversAgainAndCounts()
    {
        await using var client = await ConnectAsync();
        var body = RandomBody(3000);
        await PublishAsync(client, "again", body);

        for (var attempt = 1; attempt < Fixture.Settings.MaxAttempts; attempt++)
        {
            await using var delivery = await ReceiveOneAsync(client);
            Assert.Equal("again", delivery.MessageId);
            Assert.Equal(attempt, delivery.Attempt);
            Assert.Equal(body, delivery.Body.ToArray());
            await delivery.RetryAsync("not yet", CancellationToken.None);
        }

        Assert.Equal(body, await TakeAsync(client, "again"));
        await WaitForEmptyAsync(client);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Retry_Delay_GrowsWithTheAttempts()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "later");

        var delivery = await ReceiveOneAsync(client);
        for (var attempt = 1; attempt < Fixture.Settings.MaxAttempts; attempt++)
        {
            var clock = Stopwatch.StartNew();
            await delivery.RetryAsync("not yet", CancellationToken.None);
            delivery = await ReceiveOneAsync(client);

            // At most half of the delay is jitter; clocks of the two sides may differ by some milliseconds.
            var least = TimeSpan.FromTicks(
                Math.Min(Fixture.Settings.FirstRetryDelay.Ticks << (attempt - 1), Fixture.Settings.MaxRetryDelay.Ticks) / 2);
            Assert.True(
                clock.Elapsed > least - TimeSpan.FromMilliseconds(30),
                $"Attempt {attempt + 1} came after {clock.Elapsed}, {least} was due.");
            Assert.Equal(attempt + 1, delivery.Attempt);
        }

        await delivery.AckAsync(CancellationToken.None);
        await WaitForEmptyAsync(client);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Retry_Delayed_DoesNotHoldUpOthers()
    {
        await using var client = await ConnectAsync(settings: Fixture.Settings with { FirstRetryDelay = TimeSpan.FromSeconds(5) });
        await PublishAsync(client, "delayed");
        var delivery = await ReceiveOneAsync(client);
        await delivery.RetryAsync("later", CancellationToken.None);

        await PublishAsync(client, "prompt");

        await TakeAsync(client, "prompt");
        await TakeAsync(client, "delayed");
        Count(2, 2, 2);
    }

    [SkippableFact]
    public async Task Retry_LastAttempt_MakesADeadLetterWithTheReason()
    {
        await using var client = await ConnectAsync(settings: Fixture.Settings with { MaxAttempts = 2 });
        await PublishAsync(client, "hopeless", RandomBody(77));

        await (await ReceiveOneAsync(client)).RetryAsync("first reason", CancellationToken.None);
        await (await ReceiveOneAsync(client)).RetryAsync("last reason", CancellationToken.None);

        await WaitForStatusAsync(client, status => status is { Ready: 0, InFlight: 0, DeadLettered: 1 });
        var letter = Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None));
        Assert.Equal("hopeless", letter.MessageId);
        Assert.Equal("last reason", letter.Reason);
        Assert.Equal(2, letter.Attempts);
        Assert.Equal(77, letter.Bytes);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Receive_ConsumerCrashed_AnotherGetsTheMessages()
    {
        var name = Fixture.NewQueueName();
        await using var surviving = await ConnectAsync(name);
        string[] ids = ["a", "b", "c"];
        foreach (var id in ids)
        {
            await PublishAsync(surviving, id);
        }

        var crashing = await Fixture.HoldAsync(name, Fixture.Settings, ids.Length);
        Assert.Equal(ids, crashing.Attempts.Keys.Order());
        await crashing.DisposeAsync();

        var found = await DrainAsync(surviving, ids);
        Assert.All(ids, id => Assert.Equal(1, found[id]));
        await WaitForEmptyAsync([surviving], ids);
        Count(ids.Length, ids.Length, found.Count);
    }

    [SkippableFact]
    public async Task Dispose_QueueWithUnsettledDeliveries_GivesThemBack()
    {
        var name = Fixture.NewQueueName();
        var ids = Enumerable.Range(0, 10).Select(i => $"m{i}").ToArray();
        await using var second = await ConnectAsync(name);
        await using (var first = await ConnectAsync(name))
        {
            foreach (var id in ids)
            {
                await PublishAsync(first, id);
            }

            using var limit = Limit();
            await first.Queue.ReceiveAsync(4, limit.Token);
        }

        var found = await DrainAsync(second, ids);
        Assert.All(ids, id => Assert.Equal(1, found[id]));
        Count(ids.Length, ids.Length, found.Count);
    }
}
