using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using SessionReplay.Testing;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>
/// A server that speaks the part of Service Bus' protocol that the adapter uses, over real sockets: it demands CBS, checks signatures and
/// expiry, and keeps its queues when its connections are cut and when it is started again.
/// </summary>
public sealed class ServiceBusServer : ILinkProcessor, IHandler, IAsyncDisposable
{
    internal const int Credit = 500;
    private const string Management = "/$management";
    private readonly ConcurrentDictionary<string, StoredQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Connection, ClientState> _clients = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly List<SasPolicy> _policies = [new SasPolicy("RootManageSharedAccessKey", "c2VjcmV0LWtleS1vZi10aGUtdGVzdHM=")];
    private readonly AdministrationServer _administration;
    private readonly CbsNode _cbs;
    private readonly Timer _timer;
    private ConnectionListener? _listener;

    public ServiceBusServer()
    {
        _cbs = new CbsNode(_policies);
        _administration = new AdministrationServer((name, creates) => creates ? Queue(name) : _queues.GetValueOrDefault(name), _policies);
        Start();
        _timer = new Timer(_ => Tick(), null, 20, 20);
    }

    public int Port { get; } = FreePort.Next();

    public string AdministrationConnectionString => ConnectionStringOf(_policies[0], port: _administration.Port);

    public int MaxMessageBytes { get; set; } = 256 * 1024;

    /// <summary>Gets or sets a value indicating whether links that are attached now never answer what is sent or settled by them.</summary>
    public bool AttachesSilentLinks { get; set; }

    public int TokensTaken => _cbs.TokensTaken;

    /// <summary>How many connections were made.</summary>
    public int Connections => _sockets.Count;

    public string ConnectionString => ConnectionStringOf(_policies[0]);

    public string ConnectionStringOf(SasPolicy policy, string? key = null, int? port = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"Endpoint=sb://127.0.0.1:{port ?? Port};SharedAccessKeyName={policy.Name};SharedAccessKey={key ?? policy.Key};UseDevelopmentEmulator=true");

    public string AdministrationConnectionStringOf(SasPolicy policy) => ConnectionStringOf(policy, port: _administration.Port);

    internal bool Has(string queue) => _queues.ContainsKey(queue);

    public SasPolicy AddPolicy(SasPolicy policy)
    {
        _policies.Add(policy);
        return policy;
    }

    public void RemovePolicy(SasPolicy policy) => _policies.Remove(policy);

    internal StoredQueue Queue(string name) => _queues.GetOrAdd(name, key => new StoredQueue(key));

    public void Start()
    {
        var address = new Address("127.0.0.1", Port, null, null, "/", "amqp");
        var host = new ContainerHost(new List<Address>(), null);
        host.RegisterLinkProcessor(this);
        _listener = new ConnectionListener(address, new CoordinatorContainer(host, connection => Client(connection).Transactions));
        _listener.SASL.EnableAnonymousMechanism = true;
        _listener.SASL.EnableMechanism("MSSBCBS", new CbsSasl());
        _listener.HandlerFactory = _ => this;
        _listener.Open();
    }

    /// <summary>Cuts every connection without a word.</summary>
    public void DropConnections()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    /// <summary>Closes all links by which clients send or ask, as the service does with idle ones.</summary>
    public void DetachIdleLinks()
    {
        foreach (var client in _clients.Values)
        {
            client.DetachIdle(link => link.Role);
        }
    }

    /// <summary>Ends at once; what is stored stays.</summary>
    public void Kill()
    {
        DropConnections();
        try
        {
            _listener?.Close();
        }
        catch (ObjectDisposedException)
        {
            // It no longer listens; a connection that was cut cannot be closed in order.
        }

        _listener = null;
        foreach (var queue in _queues.Values)
        {
            queue.DetachAll();
            queue.DeadLetters!.DetachAll();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        Kill();
        _administration.Dispose();
    }

    // Long: one branch for each kind of address.
    void ILinkProcessor.Process(AttachContext attachContext)
    {
        var client = Client((ListenerConnection)attachContext.Link.Session.Connection);
        var attach = attachContext.Attach;
        var address = attachContext.Link.Role ? ((Target)attach.Target).Address : ((Source)attach.Source).Address;
        address = address.TrimStart('/');
        if (address == "$cbs")
        {
            Complete(attachContext, client, (request, _) => _cbs.Answer(client, request));
            return;
        }

        var isManagement = address.EndsWith(Management, StringComparison.Ordinal);
        var entity = isManagement ? address[..^Management.Length] : address;
        if (client.Authorize(entity) is not { } policy || !(isManagement || (attachContext.Link.Role ? policy.Send : policy.Listen)))
        {
            attachContext.Complete(new Error(ErrorCode.UnauthorizedAccess) { Description = "Unauthorized access: a claim is missing." });
            return;
        }

        if (Find(entity) is not { } queue)
        {
            attachContext.Complete(new Error(ErrorCode.NotFound) { Description = $"The messaging entity '{entity}' could not be found." });
            return;
        }

        client.Add(attachContext.Link, entity);
        if (isManagement)
        {
            Complete(
                attachContext, client, (request, transaction) => ManagementNode.Answer(queue, request, client.Transactions, transaction));
        }
        else if (attachContext.Link.Role)
        {
            attach.MaxMessageSize = (ulong)MaxMessageBytes;
            attachContext.Complete(
                new QueueTarget(queue, client.Transactions, attachContext.Link, MaxMessageBytes, AttachesSilentLinks), Credit);
        }
        else
        {
            var source = new QueueSource(queue, client.Transactions, attachContext.Link, AttachesSilentLinks);
            queue.Attach(source);
            attachContext.Complete(source, 0);
        }
    }

    bool IHandler.CanHandle(EventId id) => id is EventId.SendDelivery or EventId.SocketAccept;

    void IHandler.Handle(Event protocolEvent)
    {
        if (protocolEvent.Id == EventId.SocketAccept)
        {
            _sockets.Add((Socket)protocolEvent.Context);
        }
        else if (protocolEvent.Context is IDelivery { Message: LockedMessage message } delivery)
        {
            delivery.Tag = message.LockToken.ToByteArray();
        }
    }

    private static void Complete(AttachContext attachContext, ClientState client, Func<Message, byte[]?, Message> answer)
    {
        if (attachContext.Link.Role)
        {
            attachContext.Complete(new RequestTarget(client, answer), Credit);
        }
        else
        {
            client.Replies[((Target)attachContext.Attach.Target).Address] = attachContext.Link;
            attachContext.Complete(new ReplySource(), 0);
        }
    }

    private ClientState Client(ListenerConnection connection) => _clients.GetOrAdd(connection, added =>
    {
        added.AddClosedCallback((closed, error) => _clients.TryRemove((Connection)closed, out var _));
        return new ClientState();
    });

    private StoredQueue? Find(string entity)
    {
        const string Dead = "/$DeadLetterQueue";
        return entity.EndsWith(Dead, StringComparison.OrdinalIgnoreCase)
            ? _queues.GetValueOrDefault(entity[..^Dead.Length])?.DeadLetters
            : _queues.GetValueOrDefault(entity);
    }

    private void Tick()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Tick();
        }

        foreach (var client in _clients.Values)
        {
            client.Tick();
        }
    }
}
