using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// The consumed messages of the assigned partitions, bounded in number and bytes by pausing the partitions. Safe for concurrent use.
/// </summary>
internal sealed class MessageBuffer(KafkaQueueOptions options)
{
    private readonly Lock _lock = new();
    private readonly AssignedPartitions _partitions = new();
    private readonly LinkedList<BufferedMessage> _ready = [];
    private readonly DelayedMessages _delayed = new();
    private readonly FlowControl _flow = new(options);
    private readonly Signal _changed = new();
    private int _count;
    private long _bytes;
    private int _delivered;
    private bool _isClosed;

    /// <summary>Gets how many messages are with consumers.</summary>
    internal int Delivered
    {
        get
        {
            lock (_lock)
            {
                return _delivered;
            }
        }
    }

    /// <summary>Gets how far this process has come with its partitions.</summary>
    internal Dictionary<TopicPartition, PartitionProgress> GetProgress()
    {
        lock (_lock)
        {
            return _partitions.Progress;
        }
    }

    /// <summary>Takes over partitions, each from its first offset that is not committed.</summary>
    internal void Assign(IEnumerable<TopicPartitionOffset> starts, string retryTopic)
    {
        lock (_lock)
        {
            foreach (var start in starts)
            {
                _partitions.Add(start, isRetry: start.Topic == retryTopic);
            }
        }
    }

    /// <summary>Takes in a consumed record.</summary>
    /// <param name="result">The record.</param>
    /// <param name="latestDue">
    /// The latest time at which it is delivered, ms since the Unix epoch: another process's clock may be wrong.
    /// </param>
    /// <returns>How many records before it were removed without having been consumed.</returns>
    internal long Add(ConsumeResult<byte[], byte[]> result, long latestDue)
    {
        lock (_lock)
        {
            if (_partitions.Find(result.TopicPartition) is not { IsLeaving: false } partition)
            {
                return 0;
            }

            var message = new BufferedMessage(
                partition, result.Offset.Value, result.Message.Key ?? [], result.Message.Value ?? [], MessageHeaders.Read(result));
            var removed = partition.Add(message);
            _count++;
            _bytes += message.Body.Length;
            if (partition.IsRetry)
            {
                _delayed.Add(message, Math.Min(message.Headers.Due, latestDue));
            }
            else
            {
                _ready.AddLast(message);
                _changed.Raise();
            }

            return removed;
        }
    }

    /// <summary>Makes the delayed messages ready that are due.</summary>
    internal void Promote(long now)
    {
        lock (_lock)
        {
            var any = false;
            while (_delayed.TakeDue(now) is { } message)
            {
                if (!message.Partition.IsLeaving)
                {
                    _ready.AddLast(message);
                    any = true;
                }
            }

            if (any)
            {
                _changed.Raise();
            }
        }
    }

    /// <summary>Waits for messages and takes them.</summary>
    internal async Task<List<BufferedMessage>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(_isClosed, typeof(KafkaMessageQueue));
                var taken = new List<BufferedMessage>();
                while (taken.Count < limit && _ready.First is { } first)
                {
                    _ready.RemoveFirst();
                    first.Value.State = MessageState.Delivered;
                    first.Value.Partition.DeliveredCount++;
                    _delivered++;
                    taken.Add(first.Value);
                }

                if (taken.Count > 0)
                {
                    return taken;
                }

                changed = _changed.Next;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says whether the message can still be settled: its partition is this process's.</summary>
    internal bool IsOwned(BufferedMessage message)
    {
        lock (_lock)
        {
            return !message.Partition.IsLost;
        }
    }

    /// <summary>Ends a delivery: the message has been dealt with.</summary>
    /// <returns>Whether the partition is still this process's.</returns>
    internal bool Settle(BufferedMessage message)
    {
        lock (_lock)
        {
            if (!EndDelivery(message, MessageState.Settled))
            {
                return false;
            }

            _count--;
            _bytes -= message.Body.Length;
            message.Partition.Settled();
            return true;
        }
    }

    /// <summary>Ends a delivery: the message is to be delivered again.</summary>
    /// <param name="message">The message.</param>
    /// <param name="due">When, ms since the Unix epoch; <see langword="null"/> is at once.</param>
    internal void GiveBack(BufferedMessage message, long? due)
    {
        lock (_lock)
        {
            if (!EndDelivery(message, MessageState.Waiting) || message.Partition.IsLeaving)
            {
                return;
            }

            if (due is { } time)
            {
                _delayed.Add(message, time);
            }
            else
            {
                _ready.AddFirst(message);
                _changed.Raise();
            }
        }
    }

    /// <summary>Ends all waiting for messages.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _changed.Raise();
        }
    }

    /// <summary>Stops delivering what is in these partitions.</summary>
    internal void Leave(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            _partitions.Find(partitions).ForEach(partition => partition.IsLeaving = true);
            RemoveLeaving();
        }
    }

    internal int CountDelivered(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            return _partitions.Find(partitions).Sum(partition => partition.DeliveredCount);
        }
    }

    /// <summary>Forgets these partitions, or all; their deliveries can no longer be settled.</summary>
    internal void Lose(IEnumerable<TopicPartition>? partitions = null)
    {
        lock (_lock)
        {
            foreach (var partition in partitions is null ? _partitions.All : _partitions.Find(partitions))
            {
                _partitions.Lose(partition);
                _delivered -= partition.DeliveredCount;
                foreach (var message in partition.Unsettled)
                {
                    _count--;
                    _bytes -= message.Body.Length;
                }
            }

            RemoveLeaving();
            _delayed.RemoveLost();
        }
    }

    /// <summary>Takes the offsets that can be committed.</summary>
    internal List<TopicPartitionOffset> TakeCommits()
    {
        lock (_lock)
        {
            return _partitions.TakeCommits();
        }
    }

    /// <summary>Finds which partitions are to pause and which to go on.</summary>
    internal (List<TopicPartition> Pause, List<TopicPartition> Resume) Balance()
    {
        lock (_lock)
        {
            _flow.Update(_count, _bytes, _delayed);
            return _partitions.Balance(_flow);
        }
    }

    /// <summary>Finds which of these partitions are paused. The client keeps them so, even when they go and come back.</summary>
    internal List<TopicPartition> FindPaused(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            return [.. _partitions.Find(partitions).Where(partition => partition.IsPaused).Select(partition => partition.Partition)];
        }
    }

    private void RemoveLeaving()
    {
        for (var node = _ready.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Partition.IsLeaving)
            {
                _ready.Remove(node);
            }

            node = next;
        }
    }

    private bool EndDelivery(BufferedMessage message, MessageState state)
    {
        if (message.Partition.IsLost)
        {
            return false;
        }

        message.Partition.DeliveredCount--;
        _delivered--;
        message.State = state;
        return true;
    }
}
