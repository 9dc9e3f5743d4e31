namespace SessionReplay.Queues.Kafka;

/// <summary>A delivery; its partition stays with this process while the process lives and the brokers hear of it.</summary>
internal sealed class KafkaDelivery(KafkaMessageQueue queue, BufferedMessage message) : IQueueDelivery
{
    private int _settled;

    public string MessageId => message.Headers.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => message.Attempt;

    public ValueTask AckAsync(CancellationToken cancellationToken) =>
        SettleAsync(() =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return queue.AckAsync(message);
        });

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken) =>
        Attempt >= queue.MaxAttempts
            ? DeadLetterAsync(reason, cancellationToken)
            : SettleAsync(() => queue.RetryAsync(message, cancellationToken));

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: true, cancellationToken);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: false, cancellationToken);

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            queue.GiveBack(message);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask SetAsideAsync(string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync(() => queue.DeadLetterAsync(message, kept, keepBody, cancellationToken));
    }

    private async ValueTask SettleAsync(Func<Task> settle)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            throw new InvalidOperationException($"The delivery of {MessageId} was settled before.");
        }

        try
        {
            await settle().ConfigureAwait(false);
        }
        catch
        {
            // What cannot be settled now cannot be in the next moment either.
            queue.Postpone(message);
            throw;
        }
    }
}
