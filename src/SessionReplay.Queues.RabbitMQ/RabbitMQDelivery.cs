using System.Buffers;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>A delivery; it belongs to the link it came over.</summary>
internal sealed class RabbitMQDelivery(RabbitMQMessageQueue queue, RabbitMQLink link, ReceivedMessage message) : IQueueDelivery
{
    private int _settled;

    public string MessageId => message.Headers.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => 1 + message.Headers.Attempts + message.Returns;

    public ValueTask AckAsync(CancellationToken cancellationToken) =>
        SettleAsync("ack", null, message.Headers, cancellationToken);

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken)
    {
        var attempts = message.Headers.Attempts + 1;
        return attempts >= queue.MaxAttempts
            ? DeadLetterAsync(reason, cancellationToken)
            : SettleAsync("retry", link.Topology.RetryAfter(attempts), message.Headers with { Attempts = attempts }, cancellationToken);
    }

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: true, cancellationToken);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: false, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0)
        {
            await queue.ReleaseAsync(link, message).ConfigureAwait(false);
            End();
        }
    }

    private ValueTask SetAsideAsync(string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var headers = message.Headers with { Attempts = Attempt, Reason = QueueArguments.KeepReason(reason), DeadAt = queue.NowMilliseconds };
        return SettleAsync("dead_letter", link.Topology.Dead, headers, cancellationToken, keepBody);
    }

    private async ValueTask SettleAsync(
        string outcome, string? moveTo, MessageHeaders headers, CancellationToken cancellationToken, bool keepBody = true)
    {
        if (Interlocked.Exchange(ref _settled, 1) != 0)
        {
            throw new InvalidOperationException($"The delivery of {MessageId} was settled before.");
        }

        try
        {
            await queue.SettleAsync(link, message, outcome, moveTo, headers, keepBody, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Whatever became of it, it goes back to the queue; where the link has ended that has happened already.
            await queue.ReleaseAsync(link, message).ConfigureAwait(false);
            End();
            throw;
        }

        End();
    }

    private void End()
    {
        link.CountSettled();
        if (message.Buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(message.Buffer);
        }
    }
}
