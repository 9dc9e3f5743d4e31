using Amqp.Listener;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>The server's end of a link by which answers go.</summary>
internal sealed class ReplySource : LinkEndpoint
{
    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }
}
