using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// The unsettled messages of an assigned partition in the order of their offsets. Kafka remembers one offset per partition, so that what is
/// settled out of order is committed when everything before it is settled. Guarded by the lock of <see cref="MessageBuffer"/>.
/// </summary>
internal sealed class PartitionState(TopicPartition partition, bool isRetry)
{
    private readonly Queue<BufferedMessage> _pending = new();

    internal TopicPartition Partition => partition;

    internal bool IsRetry => isRetry;

    /// <summary>Gets or sets whether the partition goes to another consumer: nothing of it is delivered any more.</summary>
    internal bool IsLeaving { get; set; }

    /// <summary>Gets or sets whether the partition has gone: nothing of it can be settled any more.</summary>
    internal bool IsLost { get; set; }

    internal bool IsPaused { get; set; }

    /// <summary>Gets the offset to commit; <see langword="null"/> when it is committed.</summary>
    internal long? ToCommit { get; private set; }

    /// <summary>Gets how many messages are settled and not yet confirmed as committed.</summary>
    internal int SettledCount { get; private set; }

    internal IEnumerable<BufferedMessage> Pending => _pending;

    internal int DeliveredCount { get; set; }

    private int _settledBelow;

    internal void Add(BufferedMessage message) => _pending.Enqueue(message);

    /// <summary>Moves the offset past the settled messages at the front.</summary>
    internal void Settled()
    {
        SettledCount++;
        while (_pending.TryPeek(out var first) && first.State == MessageState.Settled)
        {
            _pending.Dequeue();
            _settledBelow++;
            ToCommit = first.Offset + 1;
        }
    }

    /// <summary>Takes the offset to commit with the number of messages it covers.</summary>
    internal (long Offset, int Count)? TakeCommit()
    {
        if (ToCommit is not { } offset)
        {
            return null;
        }

        var count = _settledBelow;
        ToCommit = null;
        _settledBelow = 0;
        return (offset, count);
    }

    internal void Committed(int count) => SettledCount -= count;

    /// <summary>Takes back what <see cref="TakeCommit"/> gave when the commit failed.</summary>
    internal void NotCommitted(long offset, int count)
    {
        ToCommit ??= offset;
        _settledBelow += count;
    }
}
