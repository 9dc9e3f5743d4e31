using System.Diagnostics;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>What the suites share.</summary>
public abstract class QueueConformance(QueueFixture fixture, ITestOutputHelper output)
{
    /// <summary>How long anything may take that is to happen; nothing is asserted on speed.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    protected QueueFixture Fixture { get; } = fixture;

    protected ITestOutputHelper Output { get; } = output;

    protected Task<QueueClient> ConnectAsync(string? queue = null, QueueSettings? settings = null) =>
        Fixture.ConnectAsync(queue ?? Fixture.NewQueueName(), settings ?? Fixture.Settings);

    protected static CancellationTokenSource Limit() => new(Patience);

    protected static QueueMessage Message(string id, ReadOnlyMemory<byte> body) =>
        new(id, "session-of-" + id[..Math.Min(id.Length, 100)], body);

    protected static byte[] RandomBody(int size) => RandomNumberGenerator.GetBytes(size);

    protected static async Task PublishAsync(QueueClient client, string id, ReadOnlyMemory<byte> body)
    {
        using var limit = Limit();
        await client.Queue.PublishAsync(Message(id, body), limit.Token);
    }

    protected static Task PublishAsync(QueueClient client, string id) => PublishAsync(client, id, RandomBody(100));

    protected static async Task<IQueueDelivery> ReceiveOneAsync(QueueClient client)
    {
        using var limit = Limit();
        try
        {
            return Assert.Single(await client.Queue.ReceiveAsync(1, limit.Token));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Assert.Fail($"Nothing was delivered within {Patience}. {await client.DescribeAsync()}");
            throw;
        }
    }

    /// <summary>Receives the one message and acknowledges it.</summary>
    protected static async Task<byte[]> TakeAsync(QueueClient client, string expectedId)
    {
        await using var delivery = await ReceiveOneAsync(client);
        Assert.Equal(expectedId, delivery.MessageId);
        var body = delivery.Body.ToArray();
        await delivery.AckAsync(CancellationToken.None);
        return body;
    }

    /// <summary>Receives and acknowledges until each of the ids has been there; returns how often each came.</summary>
    protected static async Task<Dictionary<string, int>> DrainAsync(QueueClient client, IEnumerable<string> ids)
    {
        var missing = ids.ToHashSet();
        var found = new Dictionary<string, int>();
        using var limit = Limit();
        try
        {
            while (missing.Count > 0)
            {
                foreach (var delivery in await client.Queue.ReceiveAsync(100, limit.Token))
                {
                    missing.Remove(delivery.MessageId);
                    found[delivery.MessageId] = found.GetValueOrDefault(delivery.MessageId) + 1;
                    await delivery.AckAsync(limit.Token);
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Assert.Fail(
                $"Not delivered within {Patience}: {string.Join(", ", missing.Take(20))} ({missing.Count} of {missing.Count + found.Count}). {await client.DescribeAsync()}");
        }

        return found;
    }

    /// <summary>Asserts that nothing is delivered in a while; what arrives in the very moment of the cancellation counts too.</summary>
    protected static async Task AssertNothingComesAsync(QueueClient client, TimeSpan duration)
    {
        using var end = new CancellationTokenSource(duration);
        try
        {
            var deliveries = await client.Queue.ReceiveAsync(10, end.Token);
            Assert.Fail($"{deliveries[0].MessageId} was delivered (attempt {deliveries[0].Attempt}).");
        }
        catch (OperationCanceledException)
        {
            // Nothing came.
        }
    }

    protected static async Task<QueueStatus> WaitForStatusAsync(QueueClient client, Func<QueueStatus, bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var limit = Limit();
            var status = await client.Monitor.GetStatusAsync(limit.Token);
            if (condition(status))
            {
                return status;
            }

            if (clock.Elapsed > Patience)
            {
                Assert.Fail($"The status stayed at {await client.DescribeAsync()}");
            }

            await Task.Delay(50);
        }
    }

    protected static Task<QueueStatus> WaitForEmptyAsync(QueueClient client) =>
        WaitForStatusAsync(client, status => status is { Ready: 0, InFlight: 0 });

    /// <summary>
    /// Waits until consumers that came or went meanwhile have left nothing. Where the adapter may deliver again what was acknowledged, that
    /// is acknowledged again.
    /// </summary>
    protected async Task WaitForEmptyAsync(IReadOnlyList<QueueClient> clients, IReadOnlyCollection<string> acknowledged)
    {
        using var done = new CancellationTokenSource();
        var repeating = Fixture.RepeatsAcknowledged
            ? clients.Select(client => AcknowledgeAgainAsync(client, acknowledged, done.Token)).ToArray()
            : [];
        try
        {
            await WaitForEmptyAsync(clients[0]);
        }
        finally
        {
            await done.CancelAsync();
            await Task.WhenAll(repeating);
        }
    }

    private static async Task AcknowledgeAgainAsync(QueueClient client, IReadOnlyCollection<string> acknowledged, CancellationToken end)
    {
        try
        {
            while (true)
            {
                foreach (var delivery in await client.Queue.ReceiveAsync(10, end))
                {
                    Assert.Contains(delivery.MessageId, acknowledged);
                    await delivery.AckAsync(CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The queue is empty.
        }
    }

    protected void Count(long sent, long acknowledged, long found, long duplicates = 0)
    {
        Fixture.Tally.Add(sent, acknowledged, found, duplicates);
        Output.WriteLine($"{Fixture.Adapter}: {sent} sent, {acknowledged} acknowledged, {found} found, {duplicates} duplicates");
    }
}
