using NATS.Client.Core;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>A delivery, kept alive by its queue until it is settled.</summary>
internal sealed class NatsDelivery(NatsMessageQueue queue, INatsJSMsg<NatsMemoryOwner<byte>> message, MessageHeaders headers) : IQueueDelivery
{
    private int _settled;

    public string MessageId => headers.Id;

    public ReadOnlyMemory<byte> Body => message.Data.Memory;

    public int Attempt => (int)Math.Min(int.MaxValue, message.Metadata?.NumDelivered ?? 1);

    /// <summary>Gets the message as the client knows it.</summary>
    internal INatsJSMsg<NatsMemoryOwner<byte>> Message => message;

    internal MessageHeaders Headers => headers;

    public ValueTask AckAsync(CancellationToken cancellationToken) =>
        SettleAsync(() => queue.AckAsync(this, cancellationToken));

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken) =>
        Attempt >= queue.MaxAttempts
            ? DeadLetterAsync(reason, cancellationToken)
            : SettleAsync(() => queue.RetryAsync(this, cancellationToken));

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: true, cancellationToken);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) => SetAsideAsync(reason, keepBody: false, cancellationToken);

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _settled, 1) == 0 ? EndAsync(giveBack: true) : ValueTask.CompletedTask;

    private ValueTask SetAsideAsync(string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var kept = QueueArguments.KeepReason(reason);
        return SettleAsync(() => queue.DeadLetterAsync(this, kept, keepBody, cancellationToken));
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
            // Whatever became of it, it goes back to the queue, at the latest when its lease runs out.
            await EndAsync(giveBack: true).ConfigureAwait(false);
            throw;
        }

        await EndAsync(giveBack: false).ConfigureAwait(false);
    }

    private async ValueTask EndAsync(bool giveBack)
    {
        await queue.EndAsync(this, giveBack).ConfigureAwait(false);
        message.Data.Dispose();
    }
}
