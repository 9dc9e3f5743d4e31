namespace SessionReplay.Queues.Kafka;

/// <summary>
/// A message that was consumed. Its partition stays with this process while the process lives and the brokers hear of it.
/// </summary>
internal sealed class KafkaDelivery(
    KafkaLink link, MessageBuffer buffer, KafkaQueueOptions options, TimeProvider time, BufferedMessage message) : IBrokerMessage
{
    private static readonly TimeSpan MaxPostponement = TimeSpan.FromSeconds(5);

    public string Id => message.Headers.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => message.Attempt;

    public bool IsLastAttempt => Attempt >= options.MaxAttempts;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task AckAsync(CancellationToken end)
    {
        end.ThrowIfCancellationRequested();
        Settle();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Copies the message to the topic of the delayed ones and then settles it, so that a crash leaves it twice and never loses it.
    /// </summary>
    public Task RetryAsync(CancellationToken end)
    {
        var delay = RetryDelay.Compute(Attempt, options.FirstRetryDelay, options.MaxRetryDelay, Random.Shared.NextDouble());
        var headers = message.Headers with { Attempts = Attempt, Due = Now + (long)delay.TotalMilliseconds, Reason = null };
        return MoveAsync(link.RetryTopic, headers, Body, end);
    }

    public Task DeadLetterAsync(string reason, bool keepBody, CancellationToken end)
    {
        var headers = message.Headers with { Attempts = Attempt, Due = 0, Reason = reason };
        return MoveAsync(link.DeadTopic, headers, keepBody ? Body : default, end);
    }

    /// <summary>
    /// Delivers the message again: at once, or after a moment, as what cannot be settled now cannot be in the next moment either.
    /// </summary>
    public Task GiveBackAsync(bool afterFailure, CancellationToken end)
    {
        var delay = Math.Min(options.FirstRetryDelay.TotalMilliseconds, MaxPostponement.TotalMilliseconds);
        buffer.GiveBack(message, due: afterFailure ? Now + (long)delay : null);
        return Task.CompletedTask;
    }

    public void End()
    {
    }

    private async Task MoveAsync(string topic, MessageHeaders headers, ReadOnlyMemory<byte> body, CancellationToken end)
    {
        if (!buffer.IsOwned(message))
        {
            throw KafkaErrors.PartitionLost();
        }

        await link.ProduceAsync(topic, message.Key, body, headers, end).ConfigureAwait(false);
        Settle();
    }

    private void Settle()
    {
        if (!buffer.Settle(message))
        {
            throw KafkaErrors.PartitionLost();
        }
    }
}
