using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

/// <summary>Consumes the topic and the delayed messages on a thread of its own, from the first receive on, and commits what is settled.</summary>
internal sealed class KafkaReceiver(KafkaLink link, KafkaQueueOptions options, MessageBuffer buffer, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;
    private volatile bool _isAbandoned;
    private long _lastCommit;

    internal void Start()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            _loop ??= Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Commits what is settled and leaves the group; an abandoned one does neither, as if its process had been killed.</summary>
    internal async Task StopAsync(bool abandon)
    {
        Task? loop;
        lock (_lock)
        {
            _isAbandoned = abandon;
            _stop.Cancel();
            loop = _loop;
        }

        if (loop is not null)
        {
            await loop.ConfigureAwait(false);
        }
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var consumer = link.BuildConsumer(options.Group)
                    .SetPartitionsAssignedHandler((_, partitions) =>
                    {
                        Log.Rebalanced(logger, partitions.Count, 0);
                        buffer.Assign(partitions, link.RetryTopic);
                    })
                    .SetPartitionsRevokedHandler((revoking, partitions) => Revoke(revoking, [.. partitions.Select(partition => partition.TopicPartition)]))
                    .SetPartitionsLostHandler((_, partitions) => buffer.Lose(partitions.Select(partition => partition.TopicPartition)))
                    .Build();
                consumer.Subscribe([link.Topic, link.RetryTopic]);
                Consume(consumer);
                if (!_isAbandoned)
                {
                    Commit(consumer);
                    consumer.Close();
                }
            }
            catch (Exception e)
            {
                Telemetry.Failures.Add(1);
                Log.ConsumerFailed(logger, RestartDelay, e);
                _stop.Token.WaitHandle.WaitOne(RestartDelay);
            }
            finally
            {
                buffer.Lose();
            }
        }
    }

    private void Consume(IConsumer<byte[], byte[]> consumer)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(PollTime) is { Message: not null } result)
                {
                    buffer.Add(result);
                }
            }
            catch (ConsumeException e) when (!e.Error.IsFatal)
            {
                Log.ConsumeFailed(logger, e);
            }

            buffer.Promote(time.GetUtcNow().ToUnixTimeMilliseconds());
            var (pause, resume) = buffer.Balance();
            if (pause.Count > 0)
            {
                consumer.Pause(pause);
            }

            if (resume.Count > 0)
            {
                consumer.Resume(resume);
            }

            if (time.GetElapsedTime(_lastCommit) >= options.CommitInterval)
            {
                Commit(consumer);
                _lastCommit = time.GetTimestamp();
            }
        }
    }

    /// <summary>Lets deliveries of partitions that are to go be settled first, so that nobody else gets them meanwhile.</summary>
    private void Revoke(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        Log.Rebalanced(logger, 0, partitions.Count);
        buffer.Leave(partitions);
        var started = time.GetTimestamp();
        int open;
        while ((open = buffer.CountDelivered(partitions)) > 0
            && time.GetElapsedTime(started) < options.RebalanceTimeout
            && !_stop.Token.WaitHandle.WaitOne(PollTime))
        {
        }

        if (open > 0)
        {
            Log.Lost(logger, open, options.RebalanceTimeout);
        }

        if (!_isAbandoned)
        {
            Commit(consumer);
        }

        buffer.Lose(partitions);
    }

    private void Commit(IConsumer<byte[], byte[]> consumer)
    {
        var commits = buffer.TakeCommits();
        if (commits.Count == 0)
        {
            return;
        }

        var isConfirmed = false;
        try
        {
            consumer.Commit(commits.Select(commit => new TopicPartitionOffset(commit.Partition.Partition, commit.Offset)));
            isConfirmed = true;
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            Telemetry.Failures.Add(1);
            Log.CommitFailed(logger, e);
        }
        finally
        {
            buffer.Committed(commits, isConfirmed);
        }
    }
}
