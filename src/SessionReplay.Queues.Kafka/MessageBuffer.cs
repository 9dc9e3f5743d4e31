using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>The consumed messages of the assigned partitions, bounded in number and bytes by pausing the partitions. Safe for concurrent use.</summary>
internal sealed class MessageBuffer(KafkaQueueOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, PartitionState> _partitions = [];
    private readonly LinkedList<BufferedMessage> _ready = [];
    private readonly PriorityQueue<BufferedMessage, long> _delayed = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private long _bytes;
    private int _delayedCount;
    private long _delayedBytes;
    private int _delivered;

    /// <summary>Gets how many messages are with consumers, and how many are settled without being committed.</summary>
    internal (int Delivered, int Settled) Counts
    {
        get
        {
            lock (_lock)
            {
                return (_delivered, _partitions.Values.Sum(partition => partition.SettledCount));
            }
        }
    }

    internal void Assign(IEnumerable<TopicPartition> partitions, string retryTopic)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
            {
                _partitions[partition] = new PartitionState(partition, partition.Topic == retryTopic);
            }
        }
    }

    internal void Add(ConsumeResult<byte[], byte[]> result)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(result.TopicPartition, out var partition) || partition.IsLeaving)
            {
                return;
            }

            var message = new BufferedMessage(
                partition, result.Offset.Value, result.Message.Key ?? [], result.Message.Value ?? [],
                MessageHeaders.Read(result.Message.Headers, result.TopicPartitionOffset));
            partition.Add(message);
            _count++;
            _bytes += message.Body.Length;
            if (partition.IsRetry)
            {
                _delayed.Enqueue(message, message.Headers.Due);
                _delayedCount++;
                _delayedBytes += message.Body.Length;
            }
            else
            {
                _ready.AddLast(message);
                Signal();
            }
        }
    }

    /// <summary>Makes the delayed messages ready that are due.</summary>
    internal void Promote(long now)
    {
        lock (_lock)
        {
            var any = false;
            while (_delayed.TryPeek(out var message, out var due) && due <= now)
            {
                _delayed.Dequeue();
                _delayedCount--;
                _delayedBytes -= message.Body.Length;
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

    /// <summary>Ends a delivery.</summary>
    /// <returns>Whether the partition is still this process's.</returns>
    internal bool End(BufferedMessage message, bool isSettled)
    {
        lock (_lock)
        {
            var partition = message.Partition;
            if (partition.IsLost)
            {
                return false;
            }

            partition.DeliveredCount--;
            _delivered--;
            if (isSettled)
            {
                message.State = MessageState.Settled;
                _count--;
                _bytes -= message.Body.Length;
                partition.Settled();
            }
            else
            {
                message.State = MessageState.Waiting;
                if (!partition.IsLeaving)
                {
                    _ready.AddFirst(message);
                    Signal();
                }
            }

            return true;
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
                foreach (var message in partition.Pending.Where(message => message.State != MessageState.Settled))
                {
                    _count--;
                    _bytes -= message.Body.Length;
                }
            }

            var kept = _delayed.UnorderedItems.Where(item => !item.Element.Partition.IsLost).ToList();
            _delayed.Clear();
            _delayed.EnqueueRange(kept);
            _delayedCount = kept.Count;
            _delayedBytes = kept.Sum(item => (long)item.Element.Body.Length);
        }
    }

    /// <summary>Takes the offsets that can be committed.</summary>
    internal List<(PartitionState Partition, long Offset, int Count)> TakeCommits()
    {
        lock (_lock)
        {
            return [.. from partition in _partitions.Values
                       let commit = partition.TakeCommit()
                       where commit is not null
                       select (partition, commit.Value.Offset, commit.Value.Count)];
        }
    }

    internal void Committed(List<(PartitionState Partition, long Offset, int Count)> commits, bool isConfirmed)
    {
        lock (_lock)
        {
            foreach (var (partition, offset, count) in commits)
            {
                if (isConfirmed)
                {
                    partition.Committed(count);
                }
                else
                {
                    partition.NotCommitted(offset, count);
                }
            }
        }
    }

    /// <summary>Tells which partitions are to pause and which to go on. Delayed messages may fill half of the buffer, so that they never stop the others.</summary>
    internal (List<TopicPartition> Pause, List<TopicPartition> Resume) Balance()
    {
        lock (_lock)
        {
            var isFull = _count >= options.MaxUnsettled || _bytes >= options.MaxBufferedBytes;
            var isRetryFull = isFull || _delayedCount >= options.MaxUnsettled / 2 || _delayedBytes >= options.MaxBufferedBytes / 2;
            List<TopicPartition> pause = [], resume = [];
            foreach (var partition in _partitions.Values)
            {
                var wanted = partition.IsRetry ? isRetryFull : isFull;
                if (wanted != partition.IsPaused && !partition.IsLeaving)
                {
                    partition.IsPaused = wanted;
                    (wanted ? pause : resume).Add(partition.Partition);
                }
            }

            return (pause, resume);
        }
    }

    private IEnumerable<PartitionState> Find(IEnumerable<TopicPartition> partitions) =>
        partitions.Select(partition => _partitions.GetValueOrDefault(partition)).OfType<PartitionState>();

    private void Signal()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
