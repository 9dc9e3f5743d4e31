using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// The queue behind its pipeline. Receiving waits without end and has a pace of its own: it is never withheld, so that a queue which is
/// full, and refuses publishes, can be worked off. What it meets counts all the same.
/// </summary>
internal sealed class GuardedMessageQueue(IMessageQueue inner, DependencyPipeline pipeline) : IMessageQueue
{
    public int MaxMessageBytes => inner.MaxMessageBytes;

    public ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, message), static (call, token) => call.inner.PublishAsync(call.message, token), cancellationToken);

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        IReadOnlyList<IQueueDelivery> received;
        try
        {
            received = await inner.ReceiveAsync(maxMessages, cancellationToken).ConfigureAwait(false);
        }
        catch (QueueUnavailableException e)
        {
            await pipeline.ReportFailureAsync(e).ConfigureAwait(false);
            throw;
        }

        await pipeline.ReportSuccessAsync().ConfigureAwait(false);
        var guarded = new IQueueDelivery[received.Count];
        for (var i = 0; i < guarded.Length; i++)
        {
            guarded[i] = new GuardedDelivery(received[i], pipeline);
        }

        return guarded;
    }
}
