using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Makes connections, or takes the application's own.</summary>
internal sealed class RabbitMQConnector(RabbitMQQueueOptions options, IServiceProvider services)
{
    /// <summary>Gets a connection and whether it is the adapter's to close.</summary>
    internal async Task<(IConnection Connection, bool Owned)> ConnectAsync(CancellationToken cancellationToken)
    {
        if (options.ServiceKey is not null)
        {
            var connection = options.ServiceKey.Length == 0
                ? services.GetRequiredService<IConnection>()
                : services.GetRequiredKeyedService<IConnection>(options.ServiceKey);
            return (connection, false);
        }

        var uris = RabbitMQConnectionString.Parse(options.ConnectionString);
        var factory = new ConnectionFactory
        {
            Uri = uris[0],
            ClientProvidedName = "session-replay",
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = options.ConfirmTimeout,

            // A link that has ended is replaced as a whole (LiveLink): the client's own recovery would swallow settlements of deliveries
            // that belong to the connection before.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
        };
        var endpoints = uris.Select(uri => new AmqpTcpEndpoint(uri, TlsOf(uri))).ToArray();
        return (await factory.CreateConnectionAsync(endpoints, cancellationToken).ConfigureAwait(false), true);
    }

    private SslOption TlsOf(Uri uri)
    {
        var tls = new SslOption
        {
            Enabled = RabbitMQConnectionString.IsEncrypted(uri),
            ServerName = options.TlsServerName ?? uri.Host,
            AcceptablePolicyErrors = SslPolicyErrors.None,
        };
        if (options.ClientCertificatePath is { } path)
        {
            tls.Certs = new X509CertificateCollection { X509CertificateLoader.LoadPkcs12FromFile(path, options.ClientCertificatePassword) };
        }

        if (options.TlsAuthorityFile is { } authorityFile)
        {
            tls.CertificateValidationCallback = TrustedAuthority.TrustOnly(authorityFile);
        }

        return tls;
    }
}
