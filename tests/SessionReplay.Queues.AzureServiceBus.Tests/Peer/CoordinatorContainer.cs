using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>Takes the links by which clients declare and discharge transactions, which the library's own container does not know.</summary>
internal sealed class CoordinatorContainer(IContainer container, Func<ListenerConnection, Transactions> transactions) : IContainer
{
    public X509Certificate2 ServiceCertificate => container.ServiceCertificate;

    public IDictionary<string, TransportProvider> CustomTransports => container.CustomTransports;

    public Message CreateMessage(ByteBuffer buffer) => container.CreateMessage(buffer);

    public Link CreateLink(ListenerConnection connection, ListenerSession session, Attach attach) =>
        container.CreateLink(connection, session, attach);

    public bool AttachLink(ListenerConnection connection, ListenerSession session, Link link, Attach attach)
    {
        if (attach.Target is not Coordinator)
        {
            return container.AttachLink(connection, session, link, attach);
        }

        ((ListenerLink)link).InitializeReceiver(
            ServiceBusServer.Credit, (at, message, _, _) => Answer(at, message, transactions(connection)), null);
        return true;
    }

    private static void Answer(ListenerLink link, Message message, Transactions transactions)
    {
        DeliveryState answer = message.Body switch
        {
            Declare => new Declared { TxnId = transactions.Declare() },
            Discharge discharge when transactions.Discharge(discharge.TxnId, discharge.Fail) => new Accepted(),
            _ => new Rejected { Error = new Error("amqp:transaction:rollback") { Description = "The transaction was undone." } },
        };
        link.DisposeMessage(message, answer, settled: true);
    }
}
