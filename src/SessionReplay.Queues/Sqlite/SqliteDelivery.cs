using System.Buffers;

namespace SessionReplay.Queues;

/// <summary>A leased message of the embedded queue.</summary>
internal sealed class SqliteDelivery(SqliteMessageQueue queue, ClaimedMessage message) : IQueueDelivery
{
    private int _settled;

    public string MessageId => message.Id;

    public ReadOnlyMemory<byte> Body => message.Buffer.AsMemory(0, message.Bytes);

    public int Attempt => message.Attempt;

    public ValueTask AckAsync(CancellationToken cancellationToken) =>
        SettleAsync("ack", database => database.Ack(message.Sequence, message.Lease), cancellationToken);

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync("retry", database => database.Retry(message, kept), cancellationToken);
    }

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync("dead_letter", database => database.DeadLetter(message, kept), cancellationToken);
    }

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync("dead_letter", database => database.DeadLetter(message, kept, keepBody: false), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            await queue.ReleaseAsync(message).ConfigureAwait(false);
            ReturnBuffer();
        }
    }

    private async ValueTask SettleAsync(string outcome, Func<QueueDatabase, bool> settle, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            throw new InvalidOperationException($"The delivery of {message.Id} was settled before.");
        }

        try
        {
            await queue.SettleAsync(message, outcome, settle, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The writer had not begun: the delivery is as it was.
            Volatile.Write(ref _settled, 0);
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
