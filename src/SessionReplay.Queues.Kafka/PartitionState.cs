using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// The unsettled messages of an assigned partition in the order of their offsets. Kafka remembers one offset per partition, so that what is
/// settled out of order is committed when everything before it is settled. Guarded by the lock of <see cref="MessageBuffer"/>.
/// </summary>
internal sealed class PartitionState(TopicPartition partition, bool isRetry)
{
    private readonly Queue<BufferedMessage> _pending = new();
    private long? _front;
    private long _next;
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

    /// <summary>Gets how far this process has come; <see langword="null"/> when it has consumed nothing yet.</summary>
    internal PartitionProgress? Progress => _front is { } front
        ? new PartitionProgress(
            front, _next, DeliveredCount, _settledBehind, _pending.Where(message => message.State == MessageState.Waiting).Min(message => (long?)message.Headers.PublishedAt))
        : null;

    internal void Add(BufferedMessage message)
    {
        _front ??= message.Offset;
        _next = message.Offset + 1;
        _pending.Enqueue(message);
    }

    /// <summary>Moves the front past the settled messages.</summary>
    internal void Settled()
    {
        _settledBehind++;
        while (_pending.TryPeek(out var first) && first.State == MessageState.Settled)
        {
            _pending.Dequeue();
            _settledBehind--;
            _front = _toCommit = first.Offset + 1;
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
