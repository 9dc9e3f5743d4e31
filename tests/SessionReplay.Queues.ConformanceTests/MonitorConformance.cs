using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>The status tells what is in the queue.</summary>
public abstract class MonitorConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    [SkippableFact]
    public async Task GetStatus_EmptyQueue_IsZero()
    {
        await using var client = await ConnectAsync();

        var status = await client.Monitor.GetStatusAsync(CancellationToken.None);

        Assert.Equal(new QueueStatus(0, 0, 0, null), status);
        Count(0, 0, 0);
    }

    [SkippableFact]
    public async Task GetStatus_MessagesInEachState_CountsThem()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "dead");
        await (await ReceiveOneAsync(client)).DeadLetterAsync("reason", CancellationToken.None);
        await PublishAsync(client, "working");
        await using var working = await ReceiveOneAsync(client);
        await PublishAsync(client, "ready-1");
        await PublishAsync(client, "ready-2");

        await WaitForStatusAsync(
            client,
            status => status.DeadLettered == 1
                && (Fixture.ReportsInFlight ? status is { Ready: 2, InFlight: 1 } : status.Ready + status.InFlight == 3));

        await working.AckAsync(CancellationToken.None);
        await DrainAsync(client, ["ready-1", "ready-2"]);
        await WaitForEmptyAsync(client);
        Count(4, 4, 4);
    }

    [SkippableFact]
    public async Task GetStatus_DelayedMessage_CountsAsReady()
    {
        await using var client = await ConnectAsync(settings: Fixture.Settings with { FirstRetryDelay = TimeSpan.FromSeconds(10) });
        await PublishAsync(client, "delayed");
        await (await ReceiveOneAsync(client)).RetryAsync("later", CancellationToken.None);

        await WaitForStatusAsync(
            client, status => Fixture.ReportsInFlight ? status is { Ready: 1, InFlight: 0 } : status.Ready + status.InFlight == 1);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task GetStatus_WaitingMessage_TellsItsAge()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "aging");

        var status = await WaitForStatusAsync(
            client, status => status.Ready == 1 && (!Fixture.ReportsOldestAge || status.OldestAge > TimeSpan.FromMilliseconds(100)));

        Assert.True(status.OldestAge is null || status.OldestAge < TimeSpan.FromMinutes(10));
        await TakeAsync(client, "aging");
        await WaitForStatusAsync(client, status => status.OldestAge is null);
        Count(1, 1, 1);
    }
}
