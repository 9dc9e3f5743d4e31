namespace SessionReplay.Queues.ConformanceTests;

/// <summary>What the tests of every adapter do to a queue.</summary>
public static class MessageQueueExtensions
{
    /// <summary>How long a delivery may take; nothing is asserted on speed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Publishes a message of so many zero bytes.</summary>
    public static async Task PublishAsync(this IMessageQueue queue, string id, int size = 100, string partitionKey = "session") =>
        await queue.PublishAsync(new QueueMessage(id, partitionKey, new byte[size]), CancellationToken.None);

    /// <summary>Waits for one delivery.</summary>
    public static async Task<IQueueDelivery> ReceiveOneAsync(this IMessageQueue queue)
    {
        using var limit = new CancellationTokenSource(Patience);
        return Assert.Single(await queue.ReceiveAsync(1, limit.Token));
    }
}
