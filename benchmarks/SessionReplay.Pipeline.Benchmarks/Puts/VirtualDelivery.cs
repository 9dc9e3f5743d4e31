using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>A delivery that can only succeed: a simulation in which something fails is not one of this traffic.</summary>
internal sealed class VirtualDelivery(VirtualQueue queue, QueueMessage message) : IQueueDelivery
{
    public string MessageId => message.Id;

    public ReadOnlyMemory<byte> Body => message.Body;

    public int Attempt => 1;

    public ValueTask AckAsync(CancellationToken cancellationToken)
    {
        queue.Settle();
        return ValueTask.CompletedTask;
    }

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken) => throw new InvalidOperationException(reason);

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) => throw new InvalidOperationException(reason);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) => throw new InvalidOperationException(reason);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
