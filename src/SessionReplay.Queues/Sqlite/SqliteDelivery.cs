using System.Buffers;

namespace SessionReplay.Queues;

/// <summary>A leased message of the embedded queue.</summary>
internal sealed class SqliteDelivery(SqliteMessageQueue queue, ClaimedMessage message) : IQueueDelivery
{
    private readonly Settlement _settlement = new(message.Id);

    public string MessageId => message.Id;

    public ReadOnlyMemory<byte> Body => message.Buffer.AsMemory(0, message.Bytes);

    public int Attempt => message.Attempt;

    public ValueTask AckAsync(CancellationToken cancellationToken) =>
        SettleAsync(QueueOutcome.Ack, tables => tables.Ack(message.Sequence, message.Lease), cancellationToken);

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync(QueueOutcome.Retry, tables => tables.Retry(message, kept), cancellationToken);
    }

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) =>
        DeadLetterAsync(reason, keepBody: true, cancellationToken);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) =>
        DeadLetterAsync(reason, keepBody: false, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_settlement.TryBegin())
        {
            await queue.ReleaseAsync(message).ConfigureAwait(false);
            ReturnBuffer();
        }
    }

    private ValueTask DeadLetterAsync(string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync(QueueOutcome.DeadLetter, tables => tables.DeadLetter(message, kept, keepBody), cancellationToken);
    }

    private async ValueTask SettleAsync(string outcome, Func<QueueTables, bool> settle, CancellationToken cancellationToken)
    {
        _settlement.Begin();
        try
        {
            await queue.SettleAsync(message, outcome, settle, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The writer had not begun: the delivery is as it was.
            _settlement.Undo();
            throw;
        }
        catch
        {
            ReturnBuffer();
            throw;
        }

        ReturnBuffer();
    }

    private void ReturnBuffer()
    {
        if (message.Buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(message.Buffer);
        }
    }
}
