using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// Computes how full the queue is from what the brokers store, what the group has committed, and what this process has settled and not
/// committed yet. Of partitions of other processes it sees only the commits: what these have delivered counts as waiting.
/// </summary>
internal sealed class KafkaMonitor(
    KafkaLink link, KafkaQueueOptions options, MessageBuffer buffer, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly KafkaOffsets _work = new(link, options, options.Group);
    private readonly KafkaOffsets _dead = new(link, options, KafkaDeadLetters.GroupOf(options));

    internal async Task<QueueStatus> GetStatusAsync(CancellationToken end)
    {
        var positions = await _work.ReadAsync([link.Topic, link.RetryTopic], end).ConfigureAwait(false);
        var dead = await _dead.ReadAsync([link.DeadTopic], end).ConfigureAwait(false);
        var progress = buffer.GetProgress();
        var ready = 0L;
        var published = new List<long>();
        var unknown = new List<TopicPartitionOffset>();
        foreach (var position in positions)
        {
            var isOwn = progress.TryGetValue(position.Partition, out var own);
            var waiting = Math.Max(0, position.End - Math.Max(position.From, own.Front) - own.Delivered - own.Settled);
            ready += waiting;
            var first = isOwn ? Math.Max(position.From, own.Next) : position.From;
            if (own.OldestWaiting is { } oldest)
            {
                published.Add(oldest);
            }
            else if (waiting > 0 && first < position.End)
            {
                unknown.Add(new TopicPartitionOffset(position.Partition, first));
            }
        }

        published.AddRange(await PeekAsync(unknown, end).ConfigureAwait(false));
        TimeSpan? age = ready > 0 && published.Count > 0
            ? TimeSpan.FromMilliseconds(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - published.Min()))
            : null;
        return new QueueStatus(ready, buffer.Delivered, dead.Sum(position => Math.Max(0, position.End - position.From)), age);
    }

    public void Dispose()
    {
        _work.Dispose();
        _dead.Dispose();
    }

    private async Task<List<long>> PeekAsync(List<TopicPartitionOffset> places, CancellationToken end)
    {
        try
        {
            return await _work.PeekAsync(places, end).ConfigureAwait(false);
        }
        catch (KafkaException e)
        {
            Log.PeekFailed(logger, e);
            return [];
        }
    }
}
