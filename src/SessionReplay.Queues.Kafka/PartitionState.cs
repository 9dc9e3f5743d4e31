using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// The unsettled messages of an assigned partition in the order of their offsets. Kafka remembers one offset per partition, so that what is
/// settled out of order is committed when everything before it is settled. Guarded by the lock of <see cref="MessageBuffer"/>.
/// </summary>
/// <param name="partition">The partition.</param>
/// <param name="isRetry">Whether it holds delayed messages.</param>
/// <param name="start">The first offset that is not committed.</param>
internal sealed class PartitionState(TopicPartition partition, bool isRetry, long start)
{
    private readonly Queue<BufferedMessage> _pending = new();
    private long _front = start;
    private long _next = start;
    private long? _toCommit;
    private int _settledBehind;

    internal TopicPartition Partition => partition;

    internal bool IsRetry => isRetry;

    /// <summary>Gets or sets whether the partition goes to another consumer: nothing of it is delivered any more.</summary>
    internal bool IsLeaving { get; set; }

    /// <summary>Gets or sets whether the partition has gone: nothing of it can be settled any more.</summary>
    internal bool IsLost { get; set; }

    internal bool IsPaused { get; set; }

    internal int DeliveredCount { get; set; }

    internal IEnumerable<BufferedMessage> Unsettled => _pending.Where(message => message.State != MessageState.Settled);

    /// <summary>Gets how far this process has come.</summary>
    internal PartitionProgress Progress => new(
        _front,
        _next,
        DeliveredCount,
        _settledBehind,
        _pending.Where(message => message.State == MessageState.Waiting).Min(message => (long?)message.Headers.PublishedAt));

    /// <summary>Adds the next message.</summary>
    /// <returns>How many records before it were there and are no more.</returns>
    internal long Add(BufferedMessage message)
    {
        var gap = message.Offset - _next;
        if (_pending.Count == 0)
        {
            _front = message.Offset;
        }

        _next = message.Offset + 1;
        _pending.Enqueue(message);
        return Math.Max(0, gap);
    }

    /// <summary>Moves the front past the settled messages.</summary>
    internal void Settled()
    {
        _settledBehind++;
        while (_pending.TryPeek(out var first) && first.State == MessageState.Settled)
        {
            _pending.Dequeue();
            _settledBehind--;
            _front = first.Offset + 1;
            _toCommit = _front;
        }
    }

    /// <summary>Takes the offset to commit; <see langword="null"/> when nothing was settled since.</summary>
    internal long? TakeCommit()
    {
        var offset = _toCommit;
        _toCommit = null;
        return offset;
    }
}
