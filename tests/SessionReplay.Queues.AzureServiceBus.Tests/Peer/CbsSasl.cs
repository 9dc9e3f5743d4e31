using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>The mechanism by which Microsoft's client says that it will send its tokens to <c>$cbs</c>.</summary>
internal sealed class CbsSasl() : SaslProfile("MSSBCBS")
{
    protected override ITransport UpgradeTransport(ITransport transport) => transport;

    protected override DescribedList? GetStartCommand(string hostname) => null;

    protected override DescribedList? OnCommand(DescribedList command) =>
        command is SaslInit ? new SaslOutcome { Code = SaslCode.Ok } : null;
}
