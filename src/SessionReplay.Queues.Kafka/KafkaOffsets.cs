using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>Asks the brokers how far a group has come, by a consumer that is no member of it.</summary>
internal sealed class KafkaOffsets(KafkaLink link, KafkaQueueOptions options, string group) : IDisposable
{
    private readonly Lock _lock = new();
    private IConsumer<byte[], byte[]>? _consumer;
    private bool _isDisposed;

    /// <summary>Sums up how many records lie behind the group's offsets.</summary>
    internal Task<long> CountAsync(IReadOnlyList<TopicPartition> partitions) => Task.Run(() =>
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _consumer ??= link.BuildConsumer(group).Build();
            var count = 0L;
            foreach (var committed in _consumer.Committed(partitions, options.ConfirmTimeout))
            {
                var marks = _consumer.QueryWatermarkOffsets(committed.TopicPartition, options.ConfirmTimeout);
                var from = committed.Offset.IsSpecial ? marks.Low.Value : Math.Max(marks.Low.Value, committed.Offset.Value);
                count += Math.Max(0, marks.High.Value - from);
            }

            return count;
        }
    });

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _consumer?.Dispose();
        }
    }
}
