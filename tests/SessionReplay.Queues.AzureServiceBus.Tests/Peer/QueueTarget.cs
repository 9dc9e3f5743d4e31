using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>The server's end of a link by which a client sends.</summary>
internal sealed class QueueTarget(StoredQueue queue, int maxMessageBytes, bool isSilent) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        if (isSilent)
        {
            return;
        }

        if (messageContext.Message.Encode().Length > maxMessageBytes)
        {
            messageContext.Complete(new Error(ErrorCode.MessageSizeExceeded) { Description = "The message is larger than the queue takes." });
            return;
        }

        if (queue.IsFull)
        {
            messageContext.Complete(new Error(ErrorCode.ResourceLimitExceeded) { Description = "The maximum entity size has been reached." });
            return;
        }

        queue.Enqueue(messageContext.Message);
        messageContext.Complete();
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }
}
