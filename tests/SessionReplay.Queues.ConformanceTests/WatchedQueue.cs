using System.Collections.Concurrent;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>Passes everything on and remembers the size of what was confirmed, by message id.</summary>
internal sealed class WatchedQueue(IMessageQueue queue) : IMessageQueue
{
    public int MaxMessageBytes => queue.MaxMessageBytes;

    public ConcurrentDictionary<string, int> Published { get; } = new();

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        await queue.PublishAsync(message, cancellationToken);
        Published[message.Id] = message.Body.Length;
    }

    public ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken) =>
        queue.ReceiveAsync(maxMessages, cancellationToken);
}
