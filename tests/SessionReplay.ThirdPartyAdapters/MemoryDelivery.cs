using SessionReplay.Queues;

namespace SessionReplay.ThirdPartyAdapters;

/// <summary>A message that was handed out; it comes again if it is let go unsettled.</summary>
internal sealed class MemoryDelivery(MemoryMessageQueue queue, QueueMessage message, int attempt) : IQueueDelivery
{
    private bool _settled;

    public string MessageId => message.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => attempt;

    public ValueTask AckAsync(CancellationToken cancellationToken) => Settle(static () => { });

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken) => Settle(() => queue.Return(message, attempt + 1));

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) =>
        Settle(() => queue.Bury(new(message.Id, reason, attempt, DateTimeOffset.UnixEpoch, message.Body.Length)));

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) =>
        Settle(() => queue.Bury(new(message.Id, reason, attempt, DateTimeOffset.UnixEpoch, 0)));

    public ValueTask DisposeAsync() => Settle(() => queue.Return(message, attempt));

    private ValueTask Settle(Action action)
    {
        if (!_settled)
        {
            _settled = true;
            action();
        }

        return ValueTask.CompletedTask;
    }
}
