using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>The partitions that are assigned to this process. Guarded by the lock of <see cref="MessageBuffer"/>.</summary>
internal sealed class AssignedPartitions
{
    private readonly Dictionary<TopicPartition, PartitionState> _states = [];

    internal List<PartitionState> All => [.. _states.Values];

    /// <summary>Gets how far this process has come with each.</summary>
    internal Dictionary<TopicPartition, PartitionProgress> Progress =>
        _states.ToDictionary(state => state.Key, state => state.Value.Progress);

    /// <summary>Adds a partition from its first offset that is not committed.</summary>
    internal void Add(TopicPartitionOffset start, bool isRetry) =>
        _states[start.TopicPartition] = new PartitionState(start.TopicPartition, isRetry, start.Offset.Value);

    internal PartitionState? Find(TopicPartition partition) => _states.GetValueOrDefault(partition);

    internal List<PartitionState> Find(IEnumerable<TopicPartition> partitions) => [.. partitions.Select(Find).OfType<PartitionState>()];

    /// <summary>Removes a partition: its deliveries can no longer be settled.</summary>
    internal void Lose(PartitionState state)
    {
        state.IsLeaving = true;
        state.IsLost = true;
        _states.Remove(state.Partition);
    }

    /// <summary>Takes the offsets that can be committed.</summary>
    internal List<TopicPartitionOffset> TakeCommits() =>
    [
        .. from state in _states.Values
           let offset = state.TakeCommit()
           where offset is not null
           select new TopicPartitionOffset(state.Partition, offset.Value),
    ];

    /// <summary>Finds which partitions are to pause and which to go on.</summary>
    internal (List<TopicPartition> Pause, List<TopicPartition> Resume) Balance(FlowControl flow)
    {
        List<TopicPartition> pause = [], resume = [];
        foreach (var state in _states.Values)
        {
            var wanted = state.IsRetry ? flow.IsRetryFull : flow.IsFull;
            if (wanted != state.IsPaused && !state.IsLeaving)
            {
                state.IsPaused = wanted;
                (wanted ? pause : resume).Add(state.Partition);
            }
        }

        return (pause, resume);
    }
}
