using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>The consumed messages of the assigned partitions, bounded in number and bytes by pausing the partitions. Safe for concurrent use.</summary>
internal sealed class MessageBuffer(KafkaQueueOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, PartitionState> _partitions = [];
    private readonly LinkedList<BufferedMessage> _ready = [];
    private readonly DelayedMessages _delayed = new();
    private readonly FlowControl _flow = new(options);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>Tells how far this process has come with its partitions.</summary>
    internal Dictionary<TopicPartition, PartitionProgress> GetProgress()
    {
        lock (_lock)
        {
            return _partitions.ToDictionary(partition => partition.Key, partition => partition.Value.Progress);
        }
    }

    /// <summary>Takes over partitions, each from its first offset that is not committed.</summary>
    internal void Assign(IEnumerable<TopicPartitionOffset> starts, string retryTopic)
    {
        lock (_lock)
        {
            foreach (var start in starts)
            {
                _partitions[start.TopicPartition] = new PartitionState(start.TopicPartition, start.Topic == retryTopic, start.Offset.Value);
            }
        }
    }

    /// <summary>Takes in a consumed record.</summary>
    /// <param name="result">The record.</param>
    /// <param name="latestDue">The latest time at which it is delivered, ms since the Unix epoch: another process's clock may be wrong.</param>
    /// <returns>How many records before it were removed without having been consumed.</returns>
    internal long Add(ConsumeResult<byte[], byte[]> result, long latestDue)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(result.TopicPartition, out var partition) || partition.IsLeaving)
            {
                return 0;
            }

            var message = new BufferedMessage(
                partition, result.Offset.Value, result.Message.Key ?? [], result.Message.Value ?? [],
                MessageHeaders.Read(result));
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
                Signal();
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
                Signal();
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

                changed = _changed.Task;
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
                Signal();
            }
        }
    }

    /// <summary>Ends all waiting for messages.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Signal();
        }
    }

    /// <summary>Stops to deliver what is in these partitions.</summary>
    internal void Leave(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in Find(partitions))
            {
                partition.IsLeaving = true;
            }

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
    }

    internal int CountDelivered(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            return Find(partitions).Sum(partition => partition.DeliveredCount);
        }
    }

    /// <summary>Forgets these partitions, or all; their deliveries can no longer be settled.</summary>
    internal void Lose(IEnumerable<TopicPartition>? partitions = null)
    {
        lock (_lock)
        {
            var lost = Find(partitions ?? [.. _partitions.Keys]).ToList();
            Leave(lost.Select(partition => partition.Partition));
            foreach (var partition in lost)
            {
                partition.IsLost = true;
                _partitions.Remove(partition.Partition);
                _delivered -= partition.DeliveredCount;
                foreach (var message in partition.Unsettled)
                {
                    _count--;
                    _bytes -= message.Body.Length;
                }
            }

            _delayed.RemoveLost();
        }
    }

    /// <summary>Takes the offsets that can be committed.</summary>
    internal List<TopicPartitionOffset> TakeCommits()
    {
        lock (_lock)
        {
            return [.. from partition in _partitions.Values
                       let offset = partition.TakeCommit()
                       where offset is not null
                       select new TopicPartitionOffset(partition.Partition, offset.Value)];
        }
    }

    /// <summary>Tells which partitions are to pause and which to go on.</summary>
    internal (List<TopicPartition> Pause, List<TopicPartition> Resume) Balance()
    {
        lock (_lock)
        {
            _flow.Update(_count, _bytes, _delayed);
            List<TopicPartition> pause = [], resume = [];
            foreach (var partition in _partitions.Values)
            {
                var wanted = partition.IsRetry ? _flow.IsRetryFull : _flow.IsFull;
                if (wanted != partition.IsPaused && !partition.IsLeaving)
                {
                    partition.IsPaused = wanted;
                    (wanted ? pause : resume).Add(partition.Partition);
                }
            }

            return (pause, resume);
        }
    }

    /// <summary>Tells which of these partitions are paused. The client keeps them so, even when they go and come back.</summary>
    internal List<TopicPartition> FindPaused(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            return [.. Find(partitions).Where(partition => partition.IsPaused).Select(partition => partition.Partition)];
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

    private IEnumerable<PartitionState> Find(IEnumerable<TopicPartition> partitions) =>
        partitions.Select(partition => _partitions.GetValueOrDefault(partition)).OfType<PartitionState>();

    private void Signal()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
