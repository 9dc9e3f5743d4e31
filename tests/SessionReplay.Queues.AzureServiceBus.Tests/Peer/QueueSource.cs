using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>The server's end of a link by which a client receives.</summary>
internal sealed class QueueSource(StoredQueue queue, Transactions transactions, ListenerLink link, bool isSilent) : LinkEndpoint
{
    private int _credit;

    private static Rejected LockLost =>
        new() { Error = new Error("com.microsoft:message-lock-lost") { Description = "The lock supplied is invalid." } };

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

        if (link.IsDraining)
        {
            queue.Drain(this);
        }
    }

    public void CompleteDrain()
    {
        Volatile.Write(ref _credit, 0);
        link.CompleteDrain();
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // The library releases what is unsettled when a link ends. The service does not: its locks run out.
        if (isSilent || link.IsClosed || dispositionContext.Message is not LockedMessage message)
        {
            return;
        }

        if (dispositionContext.DeliveryState is TransactionalState { TxnId: var id, Outcome: var outcome })
        {
            Outcome inTransaction = LockLost;
            if (queue.Holds(message.LockToken))
            {
                queue.Outcomes.Enqueue((DeliveryState)outcome);
                transactions.AddSettlement(id, () => queue.Settle(message.LockToken, (DeliveryState)outcome));
                inTransaction = new Accepted();
            }

            link.DisposeMessage(message, new TransactionalState { TxnId = id, Outcome = inTransaction }, settled: true);
            return;
        }

        queue.Outcomes.Enqueue(dispositionContext.DeliveryState);
        DeliveryState answer = queue.Settle(message.LockToken, dispositionContext.DeliveryState) ? new Accepted() : LockLost;
        if (!dispositionContext.Settled)
        {
            link.DisposeMessage(message, answer, settled: true);
        }
    }

    public override void OnLinkClosed(ListenerLink closed, Error error) => queue.Detach(this);
}
