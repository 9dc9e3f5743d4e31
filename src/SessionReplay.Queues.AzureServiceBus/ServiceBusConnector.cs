using System.Net.Security;
using System.Net.WebSockets;
using Amqp;
using Amqp.Sasl;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Makes connections.</summary>
internal sealed class ServiceBusConnector
{
    private const int TlsPort = 5671;
    private const int PlainPort = 5672;
    private const int HttpsPort = 443;
    private const int HttpPort = 80;
    private const int MaxFrameBytes = 64 * 1024;
    private const int IdleMilliseconds = 60_000;
    private const string WebSocketProtocol = "AMQPWSB10";
    private const string WebSocketPath = "/$servicebus/websocket/";
    private readonly AzureServiceBusQueueOptions _options;
    private readonly ServiceBusConnectionString _target;

    internal ServiceBusConnector(AzureServiceBusQueueOptions options, ServiceBusConnectionString target)
    {
        _options = options;
        _target = target;
        Validation = options.TlsAuthorityFile is { Length: > 0 } file ? TrustedAuthority.TrustOnly(file) : null;
    }

    /// <summary>Gets how the service's certificate is checked, where not in the system's way.</summary>
    internal RemoteCertificateValidationCallback? Validation { get; }

    internal async Task<Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory([new WebSocketTransportFactory(WebSocketProtocol) { Options = Configure }]);
        factory.SSL.RemoteCertificateValidationCallback = Validation;
        factory.AMQP.ContainerId = AmqpLinks.NewName();
        factory.AMQP.HostName = _target.Host;
        factory.AMQP.MaxFrameSize = MaxFrameBytes;
        factory.AMQP.IdleTimeout = IdleMilliseconds;
        factory.SASL.Profile = SaslProfile.Anonymous;
        var connecting = factory.CreateAsync(Address(), cancellationToken);
        try
        {
            // Not all of the library's steps can be cancelled.
            return await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = connecting.ContinueWith(
                static late => late.Result.Close(TimeSpan.Zero),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    private Address Address()
    {
        var isPlain = _options.Authentication == ServiceBusAuthentication.SaslPlain;
        var (user, password) = isPlain ? (_target.KeyName, _target.Key) : (null, null);
        return (_options.Transport, _target.IsEmulator) switch
        {
            (ServiceBusTransport.WebSockets, false) => New(HttpsPort, WebSocketPath, "wss"),
            (ServiceBusTransport.WebSockets, true) => New(HttpPort, WebSocketPath, "ws"),
            (_, false) => New(TlsPort, "/", "amqps"),
            (_, true) => New(PlainPort, "/", "amqp"),
        };

        Address New(int port, string path, string scheme) => new(_target.Host, _target.Port ?? port, user, password, path, scheme);
    }

    private void Configure(ClientWebSocketOptions options) => options.RemoteCertificateValidationCallback = Validation;
}
