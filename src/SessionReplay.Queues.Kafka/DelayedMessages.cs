namespace SessionReplay.Queues.Kafka;

/// <summary>The messages that are to be delivered later. Guarded by the lock of <see cref="MessageBuffer"/>.</summary>
internal sealed class DelayedMessages
{
    private readonly PriorityQueue<BufferedMessage, long> _messages = new();

    internal int Count => _messages.Count;

    internal long Bytes { get; private set; }

    internal void Add(BufferedMessage message, long due)
    {
        _messages.Enqueue(message, due);
        Bytes += message.Body.Length;
    }

    /// <summary>Takes a message that is due; <see langword="null"/> when none is.</summary>
    internal BufferedMessage? TakeDue(long now)
    {
        if (!_messages.TryPeek(out var message, out var due) || due > now)
        {
            return null;
        }

        _messages.Dequeue();
        Bytes -= message.Body.Length;
        return message;
    }

    /// <summary>Forgets the messages of lost partitions.</summary>
    internal void RemoveLost()
    {
        var kept = _messages.UnorderedItems.Where(item => !item.Element.Partition.IsLost).ToList();
        _messages.Clear();
        _messages.EnqueueRange(kept);
        Bytes = kept.Sum(item => (long)item.Element.Body.Length);
    }
}
