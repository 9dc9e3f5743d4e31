using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>The server's end of a link by which a client sends requests; the answers go over the link that the client has named.</summary>
internal sealed class RequestTarget(ClientState client, Func<Message, byte[]?, Message> answer) : LinkEndpoint
{
    public override void OnMessage(MessageContext messageContext)
    {
        var request = messageContext.Message;
        var transaction = (messageContext.DeliveryState as TransactionalState)?.TxnId;
        messageContext.Complete();
        var response = answer(request, transaction);
        response.Properties = new Properties { CorrelationId = request.Properties.MessageId };
        if (client.Replies.TryGetValue(request.Properties.ReplyTo, out var link) && !link.IsClosed)
        {
            link.SendMessage(response);
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }
}
