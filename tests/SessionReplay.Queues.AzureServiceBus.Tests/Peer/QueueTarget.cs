using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>The server's end of a link by which a client sends.</summary>
internal sealed class QueueTarget(StoredQueue queue, Transactions transactions, ListenerLink link, int maxMessageBytes, bool isSilent)
    : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        if (isSilent)
        {
            return;
        }

        if (messageContext.Message.Encode().Length > maxMessageBytes)
        {
            messageContext.Complete(
                new Error(ErrorCode.MessageSizeExceeded) { Description = "The message is larger than the queue takes." });
            return;
        }

        if (queue.IsFull)
        {
            messageContext.Complete(
                new Error(ErrorCode.ResourceLimitExceeded) { Description = "The maximum entity size has been reached." });
            return;
        }

        var message = StoredMessage.Copy(messageContext.Message);
        if (messageContext.DeliveryState is TransactionalState { TxnId: var id })
        {
            transactions.AddSend(id, () => queue.Enqueue(message));
            link.DisposeMessage(messageContext.Message, new TransactionalState { TxnId = id, Outcome = new Accepted() }, settled: true);
            return;
        }

        queue.Enqueue(message);
        messageContext.Complete();
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }
}
