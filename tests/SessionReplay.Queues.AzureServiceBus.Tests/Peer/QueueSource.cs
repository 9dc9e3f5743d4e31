using Amqp;
using Amqp.Listener;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>The server's end of a link by which a client receives.</summary>
internal sealed class QueueSource(StoredQueue queue, ListenerLink link) : LinkEndpoint
{
    private int _credit;

    public bool HasCredit => Volatile.Read(ref _credit) > 0 && !link.IsClosed;

    /// <summary>Sends a message that has been locked.</summary>
    public bool TrySend(StoredMessage message)
    {
        try
        {
            Interlocked.Decrement(ref _credit);
            link.SendMessage(message.ToWire());
            return true;
        }
        catch (Exception e) when (e is AmqpException or ObjectDisposedException)
        {
            return false;
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        if (flowContext.Messages != 0)
        {
            Interlocked.Add(ref _credit, flowContext.Messages);
            queue.Dispatch();
        }
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // The library releases what is unsettled when a link ends. The service does not: its locks run out.
        if (link.IsClosed || dispositionContext.Message is not LockedMessage message)
        {
            return;
        }

        queue.Outcomes.Enqueue(dispositionContext.DeliveryState);
        queue.Settle(message.LockToken, dispositionContext.DeliveryState);
        if (!dispositionContext.Settled)
        {
            link.DisposeMessage(message, dispositionContext.DeliveryState, settled: true);
        }
    }

    public override void OnLinkClosed(ListenerLink closed, Amqp.Framing.Error error) => queue.Detach(this);
}
