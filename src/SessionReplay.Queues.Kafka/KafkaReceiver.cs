using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// Consumes the topic and the delayed messages on a thread of its own, from the first receive on. The offsets of what is settled are handed
/// to the client, which commits them in the background: the thread must not wait for the group's coordinator, which answers nothing while
/// the group rebalances.
/// </summary>
internal sealed class KafkaReceiver(KafkaLink link, KafkaQueueOptions options, MessageBuffer buffer, TimeProvider time, ILogger logger)
{
    private static readonly Counter<long> Removed = QueueTelemetry.Meter.CreateCounter<long>(
        "sessionreplay.queue.removed", "{message}", "Messages that Kafka removed before they were handled.");

    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FirstRestartDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRestartDelay = TimeSpan.FromSeconds(30);

    /// <summary>How much longer than a rebalance may take the thread may be busy before the brokers take it for dead.</summary>
    private static readonly TimeSpan PollSlack = TimeSpan.FromSeconds(30);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _loop;
    private TimeSpan _restartDelay = FirstRestartDelay;
    private bool _commitFails;

    internal void Start()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, typeof(KafkaMessageQueue));
            _loop ??= Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Commits what is settled and leaves the group.</summary>
    internal async Task StopAsync()
    {
        Task? loop;
        lock (_lock)
        {
            _stop.Cancel();
            loop = _loop;
        }

        if (loop is not null)
        {
            await loop.ConfigureAwait(false);
        }

        buffer.Close();
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var consumer = Build();
                try
                {
                    consumer.Subscribe([link.Topic, link.RetryTopic]);
                    Consume(consumer);
                }
                finally
                {
                    Close(consumer);
                }
            }
            catch (Exception e)
            {
                QueueTelemetry.Failures.Add(1);
                Log.ConsumerFailed(logger, _restartDelay, e);
                _stop.Token.WaitHandle.WaitOne(_restartDelay);
                _restartDelay = _restartDelay * 2 < LongestRestartDelay ? _restartDelay * 2 : LongestRestartDelay;
            }
            finally
            {
                buffer.Lose();
            }
        }
    }

    private IConsumer<byte[], byte[]> Build() => link.BuildConsumer(options.Group, config =>
    {
        config.EnableAutoCommit = true;
        config.AutoCommitIntervalMs = (int)options.CommitInterval.TotalMilliseconds;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs = (int)Math.Min(3000, options.SessionTimeout.TotalMilliseconds / 3);
        // Also how long the brokers wait for a member that is silent while the group rebalances, and the client for their answer.
        config.MaxPollIntervalMs = (int)Math.Max(
            options.SessionTimeout.TotalMilliseconds, (options.RebalanceTimeout + PollSlack).TotalMilliseconds);
        config.QueuedMaxMessagesKbytes = (int)Math.Min(16 * 1024, options.MaxBufferedBytes / 1024);
        // A partition that goes on after a pause is asked for when the request that is under way has ended.
        config.FetchWaitMaxMs = 100;
    })
    .SetPartitionsAssignedHandler(Assign)
    .SetPartitionsRevokedHandler((consumer, partitions) => Revoke(consumer, [.. partitions.Select(partition => partition.TopicPartition)]))
    .SetPartitionsLostHandler((consumer, partitions) => Lose(consumer, [.. partitions.Select(partition => partition.TopicPartition)]))
    .SetOffsetsCommittedHandler((_, committed) => Committed(committed))
    .Build();

    private void Consume(IConsumer<byte[], byte[]> consumer)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(PollTime) is { Message: not null } result)
                {
                    _restartDelay = FirstRestartDelay;
                    if (buffer.Add(result, (time.GetUtcNow() + options.MaxRetryDelay).ToUnixTimeMilliseconds()) is > 0 and var removed)
                    {
                        Removed.Add(removed);
                        Log.Removed(logger, removed, result.Topic, result.Partition.Value, result.Offset.Value);
                    }
                }
            }
            catch (ConsumeException e) when (e.ConsumerRecord is { Offset.IsSpecial: false } record && !e.Error.IsFatal)
            {
                Log.RecordUnreadable(logger, record.Topic, record.Partition.Value, record.Offset.Value, e);
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

            Store(consumer);
        }
    }

    /// <summary>
    /// Begins with new partitions behind what is committed. The client would ask for the offsets by itself, but leaves partitions alone for
    /// ever whose answer was an error (librdkafka, rdkafka_assignment.c), and does not report when the records at an offset are no more.
    /// </summary>
    private List<TopicPartitionOffset> Assign(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        Log.Rebalanced(logger, partitions.Count, 0);
        if (partitions.Count == 0)
        {
            return [];
        }

        var starts = consumer.Committed(partitions, options.ConfirmTimeout)
            .ConvertAll(known => new TopicPartitionOffset(known.TopicPartition, known.Offset.IsSpecial ? 0 : known.Offset));
        buffer.Assign(starts, link.RetryTopic);
        return starts;
    }

    /// <summary>Lets deliveries of partitions that are to go be settled first, so that nobody else gets them in between.</summary>
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
            Log.Lost(logger, open, time.GetElapsedTime(started));
        }

        Store(consumer);
        Lose(consumer, partitions);
    }

    private void Lose(IConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions)
    {
        // The client would keep them paused when they come back.
        if (buffer.FindPaused(partitions) is { Count: > 0 } paused)
        {
            consumer.Resume(paused);
        }

        buffer.Lose(partitions);
    }

    /// <summary>
    /// Hands over the offsets to commit; the client commits them every <see cref="KafkaQueueOptions.CommitInterval"/>, and when partitions
    /// go.
    /// </summary>
    private void Store(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var offset in buffer.TakeCommits())
        {
            consumer.StoreOffset(offset);
        }
    }

    private void Committed(CommittedOffsets committed)
    {
        var error = committed.Error.IsError && committed.Error.Code != ErrorCode.Local_NoOffset
            ? committed.Error
            : committed.Offsets.Select(offset => offset.Error).FirstOrDefault(found => found.IsError);
        if (error is not null && !_commitFails)
        {
            QueueTelemetry.Failures.Add(1);
            Log.CommitFailed(logger, error.Code.ToString(), error.Reason);
        }

        _commitFails = error is not null;
    }

    private void Close(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            Store(consumer);
            consumer.Close();
        }
        catch (KafkaException e)
        {
            Log.CloseFailed(logger, e);
        }
    }
}
