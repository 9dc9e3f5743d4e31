using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>
/// Reads the dead letters' one partition from the offset that its own group has committed. Putting back and discarding go from the oldest
/// on and then move that offset: a crash on the way, or two operators at once, put a letter back twice and lose none. Kafka removes no
/// single record: what is before the offset is deleted by the brokers where they let this client (DeleteRecords), and else with their own
/// retention.
/// </summary>
internal sealed class KafkaDeadLetters(KafkaLink link, KafkaQueueOptions options)
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(200);
    private readonly SemaphoreSlim _taking = new(1, 1);

    internal static string GroupOf(KafkaQueueOptions options) => options.Group + ".dead";

    internal async Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) => await Task.Run(
        () =>
        {
            using var consumer = Build();
            return Read(consumer, limit, cancellationToken).Select(Describe).ToList();
        },
        cancellationToken).ConfigureAwait(false);

    internal Task<int> RedriveAsync(int limit, CancellationToken cancellationToken) => TakeAsync(
        limit,
        async result =>
        {
            if (result.Message.Value is not { Length: > 0 })
            {
                return false;
            }

            var headers = MessageHeaders.Read(result) with { Attempts = 0, Reason = null };
            await link.ProduceAsync(
                link.Topic, result.Message.Key ?? [], result.Message.Value, headers, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    internal Task<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => TakeAsync(
        limit,
        result => Task.FromResult<bool?>(result.Message.Timestamp.UtcDateTime < before.UtcDateTime ? true : null),
        cancellationToken);

    /// <summary>Takes dead letters, oldest first, until an action gives <see langword="null"/>; returns how many it counted.</summary>
    private async Task<int> TakeAsync(
        int limit, Func<ConsumeResult<byte[], byte[]>, Task<bool?>> action, CancellationToken cancellationToken)
    {
        using var place = await _taking.EnterAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => TakeOldestAsync(limit, action, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> TakeOldestAsync(
        int limit, Func<ConsumeResult<byte[], byte[]>, Task<bool?>> action, CancellationToken cancellationToken)
    {
        using var consumer = Build();
        var count = 0;
        TopicPartitionOffset? next = null;
        try
        {
            foreach (var result in Read(consumer, limit, cancellationToken))
            {
                if (await action(result).ConfigureAwait(false) is not { } counts)
                {
                    break;
                }

                next = new TopicPartitionOffset(result.TopicPartition, result.Offset + 1);
                count += counts ? 1 : 0;
            }
        }
        finally
        {
            if (next is not null)
            {
                consumer.Commit([next]);
            }
        }

        if (next is not null)
        {
            await link.DeleteBeforeAsync(next).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return count;
    }

    private static DeadLetter Describe(ConsumeResult<byte[], byte[]> result)
    {
        var headers = MessageHeaders.Read(result);
        var at = new DateTimeOffset(result.Message.Timestamp.UtcDateTime);
        return new DeadLetter(headers.Id, headers.Reason ?? "", headers.Attempts, at, result.Message.Value?.Length ?? 0);
    }

    private IConsumer<byte[], byte[]> Build() => link.BuildConsumer(GroupOf(options), config => config.EnablePartitionEof = true).Build();

    private IEnumerable<ConsumeResult<byte[], byte[]>> Read(
        IConsumer<byte[], byte[]> consumer, int limit, CancellationToken cancellationToken)
    {
        var partition = link.DeadPartition;
        var committed = consumer.Committed([partition], options.ConfirmTimeout)[0].Offset;
        var marks = consumer.QueryWatermarkOffsets(partition, options.ConfirmTimeout);
        var next = committed.IsSpecial ? marks.Low.Value : Math.Max(marks.Low.Value, committed.Value);
        if (next >= marks.High.Value)
        {
            yield break;
        }

        consumer.Assign(new TopicPartitionOffset(partition, next));
        for (var count = 0; count < limit && next < marks.High.Value;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = consumer.Consume(PollTime);
            if (result is { IsPartitionEOF: true })
            {
                // What is between the last letter and the end holds none, such as the mark of a transaction.
                yield break;
            }

            if (result is { Message: not null })
            {
                next = result.Offset.Value + 1;
                count++;
                yield return result;
            }
        }
    }
}
