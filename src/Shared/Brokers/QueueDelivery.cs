namespace SessionReplay.Queues;

/// <summary>A delivery of a broker's message. It is settled once, and goes back to the queue when the broker did not confirm.</summary>
/// <param name="message">Settles at the broker.</param>
/// <param name="calls">Makes the calls.</param>
/// <param name="ended">Called as soon as the delivery is settled or about to be given back.</param>
internal sealed class QueueDelivery(IBrokerMessage message, BrokerCalls calls, Action? ended = null) : IQueueDelivery
{
    private readonly Settlement _settlement = new(message.Id);

    public string MessageId => message.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => message.Attempt;

    internal Settlement Settlement => _settlement;

    public ValueTask AckAsync(CancellationToken cancellationToken) => SettleAsync(QueueOutcome.Ack, message.AckAsync, cancellationToken);

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken) => message.IsLastAttempt
        ? DeadLetterAsync(reason, cancellationToken)
        : SettleAsync(QueueOutcome.Retry, message.RetryAsync, cancellationToken);

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) =>
        DeadLetterAsync(reason, keepBody: true, cancellationToken);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) =>
        DeadLetterAsync(reason, keepBody: false, cancellationToken);

    public ValueTask DisposeAsync() => _settlement.TryBegin() ? GiveBackAsync(afterFailure: false) : ValueTask.CompletedTask;

    private async ValueTask DeadLetterAsync(string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var (kept, attempt) = (QueueArguments.KeepReason(reason), Attempt);
        await SettleAsync(
            QueueOutcome.DeadLetter, end => message.DeadLetterAsync(kept, keepBody, end), cancellationToken).ConfigureAwait(false);
        QueueLog.DeadLettered(calls.Logger, MessageId, attempt, kept);
    }

    private async ValueTask SettleAsync(string outcome, Func<CancellationToken, Task> settle, CancellationToken cancellationToken)
    {
        _settlement.Begin();
        try
        {
            await calls.RunAsync(settle, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Whatever became of it, it goes back to the queue, at the latest when its lease expires.
            await GiveBackAsync(afterFailure: true).ConfigureAwait(false);
            throw;
        }

        ended?.Invoke();
        message.End();
        QueueTelemetry.CountSettled(outcome);
    }

    private async ValueTask GiveBackAsync(bool afterFailure)
    {
        ended?.Invoke();
        await calls.GiveBackAsync(end => message.GiveBackAsync(afterFailure, end)).ConfigureAwait(false);
        message.End();
    }
}
