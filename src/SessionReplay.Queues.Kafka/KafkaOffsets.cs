using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace SessionReplay.Queues.Kafka;

/// <summary>Asks the brokers how far a group has come, by a consumer that is no member of it. One question at a time.</summary>
internal sealed class KafkaOffsets(KafkaLink link, KafkaQueueOptions options, string group) : IDisposable
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PeekTime = TimeSpan.FromSeconds(3);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, (long Offset, long PublishedAt)> _peeked = [];
    private IConsumer<byte[], byte[]>? _consumer;
    private bool _isDisposed;

    /// <summary>Reads for each partition of the topics how far the group has come; partitions that were added since are seen.</summary>
    internal Task<List<KafkaPosition>> ReadAsync(IReadOnlyList<string> topics, CancellationToken end) => AskAsync(
        async consumer =>
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            var partitions = topics
                .SelectMany(topic => admin.GetMetadata(topic, options.ConfirmTimeout).Topics)
                .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)))
                .ToList();
            var committed = consumer.Committed(partitions, options.ConfirmTimeout);
            var begins = await ListAsync(admin, partitions, OffsetSpec.Earliest()).ConfigureAwait(false);
            var ends = await ListAsync(admin, partitions, OffsetSpec.Latest()).ConfigureAwait(false);
            return committed.ConvertAll(known => new KafkaPosition(
                known.TopicPartition,
                known.Offset.IsSpecial ? begins[known.TopicPartition] : Math.Max(begins[known.TopicPartition], known.Offset.Value),
                ends[known.TopicPartition]));
        },
        end);

    /// <summary>Reads when the messages at these places were published, as far as that can be had in a short time.</summary>
    internal Task<List<long>> PeekAsync(IReadOnlyList<TopicPartitionOffset> places, CancellationToken end) => AskAsync(
        consumer =>
        {
            var unknown = places
                .Where(place => !_peeked.TryGetValue(place.TopicPartition, out var known) || known.Offset != place.Offset.Value)
                .ToList();
            if (unknown.Count > 0)
            {
                Peek(consumer, unknown);
            }

            return Task.FromResult(places
                .Where(place => _peeked.TryGetValue(place.TopicPartition, out var known) && known.Offset == place.Offset.Value)
                .Select(place => _peeked[place.TopicPartition].PublishedAt)
                .ToList());
        },
        end);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _consumer?.Dispose();
        }
    }

    private async Task<Dictionary<TopicPartition, long>> ListAsync(IAdminClient admin, List<TopicPartition> partitions, OffsetSpec spec)
    {
        var listed = await admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec }),
            new ListOffsetsOptions { RequestTimeout = options.ConfirmTimeout }).ConfigureAwait(false);
        return listed.ResultInfos
            .Select(info => info.TopicPartitionOffsetError)
            .ToDictionary(found => found.TopicPartition, found => found.Offset.Value);
    }

    private void Peek(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> places)
    {
        var missing = places.ToDictionary(place => place.TopicPartition, place => place.Offset.Value);
        var started = TimeProvider.System.GetTimestamp();
        consumer.Assign(places);
        try
        {
            while (missing.Count > 0 && TimeProvider.System.GetElapsedTime(started) < PeekTime)
            {
                if (consumer.Consume(PollTime) is { Message: not null } result && missing.Remove(result.TopicPartition, out var offset))
                {
                    _peeked[result.TopicPartition] = (offset, MessageHeaders.Read(result).PublishedAt);
                }
            }
        }
        finally
        {
            consumer.Unassign();
        }
    }

    /// <summary>
    /// A question that nobody waits for any more keeps its turn until the client has its answer, and those behind it give up at their own
    /// time.
    /// </summary>
    private async Task<T> AskAsync<T>(Func<IConsumer<byte[], byte[]>, Task<T>> ask, CancellationToken end)
    {
        await _turn.WaitAsync(end).ConfigureAwait(false);
        var asking = Task.Run(
            async () =>
            {
                try
                {
                    return await ask(GetConsumer()).ConfigureAwait(false);
                }
                finally
                {
                    _turn.Release();
                }
            },
            CancellationToken.None);
        return await asking.WaitAsync(end).ConfigureAwait(false);
    }

    private IConsumer<byte[], byte[]> GetConsumer()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            // One message of each partition is enough.
            return _consumer ??= link.BuildConsumer(
                group,
                config => (config.QueuedMinMessages, config.MaxPartitionFetchBytes, config.FetchWaitMaxMs) = (1, 1024, 50)).Build();
        }
    }
}
