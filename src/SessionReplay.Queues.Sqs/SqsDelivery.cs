using Amazon.SQS;

namespace SessionReplay.Queues.Sqs;

/// <summary>A delivery, kept hidden from others by its queue until it is settled.</summary>
internal sealed class SqsDelivery : IQueueDelivery
{
    private readonly Lock _lock = new();
    private readonly SqsMessageQueue _queue;
    private bool _settled;
    private Task _renewal = Task.CompletedTask;

    internal SqsDelivery(SqsMessageQueue queue, ReceivedMessage received)
    {
        _queue = queue;
        Message = SqsMessage.Read(received.Message);
        ReceiptHandle = received.Message.ReceiptHandle;
        Body = SqsMessage.ReadBody(received.Message);
        Attempt = (int)Math.Clamp(SqsMessage.ReadNumber(received.Message, MessageSystemAttributeName.ApproximateReceiveCount), 1, int.MaxValue);
        SentAt = SqsMessage.ReadNumber(received.Message, MessageSystemAttributeName.SentTimestamp);
        RenewedAt = received.At;
    }

    public string MessageId => Message.Id;

    public ReadOnlyMemory<byte> Body { get; }

    public int Attempt { get; }

    internal SqsMessage Message { get; }

    internal string ReceiptHandle { get; }

    /// <summary>Gets when the message was sent, ms since the Unix epoch.</summary>
    internal long SentAt { get; }

    /// <summary>Gets or sets when the service last began to count the time for which the delivery is hidden.</summary>
    internal long RenewedAt { get; set; }

    public ValueTask AckAsync(CancellationToken cancellationToken) =>
        SettleAsync(() => _queue.AckAsync(this, cancellationToken));

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken) =>
        Attempt >= _queue.MaxAttempts
            ? DeadLetterAsync(reason, cancellationToken)
            : SettleAsync(() => _queue.RetryAsync(this, cancellationToken));

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: true, cancellationToken);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: false, cancellationToken);

    public ValueTask DisposeAsync() => TrySettle() ? new ValueTask(_queue.EndAsync(this, giveBack: true)) : ValueTask.CompletedTask;

    /// <summary>Begins a renewal unless the delivery is settled; what settles it waits for the renewal, which would undo it.</summary>
    internal Task Renew(Func<SqsDelivery, Task> renew)
    {
        lock (_lock)
        {
            return _settled ? Task.CompletedTask : _renewal = renew(this);
        }
    }

    /// <summary>Waits for a renewal that is under way; none begins once the delivery is settled.</summary>
    internal Task WaitForRenewalAsync(CancellationToken cancellationToken) => _renewal.WaitAsync(cancellationToken);

    private bool TrySettle()
    {
        lock (_lock)
        {
            return !_settled && (_settled = true);
        }
    }

    private ValueTask SetAsideAsync(string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync(() => _queue.DeadLetterAsync(this, kept, keepBody, cancellationToken));
    }

    private async ValueTask SettleAsync(Func<Task> settle)
    {
        if (!TrySettle())
        {
            throw new InvalidOperationException($"The delivery of {MessageId} was settled before.");
        }

        try
        {
            await settle().ConfigureAwait(false);
        }
        catch
        {
            // Whatever became of it, it goes back to the queue, at the latest when its visibility timeout has passed.
            await _queue.EndAsync(this, giveBack: true).ConfigureAwait(false);
            throw;
        }

        await _queue.EndAsync(this, giveBack: false).ConfigureAwait(false);
    }
}
