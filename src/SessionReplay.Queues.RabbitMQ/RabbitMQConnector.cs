using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Makes connections, or takes the application's own.</summary>
internal sealed class RabbitMQConnector(RabbitMQQueueOptions options, IServiceProvider services)
{
    /// <summary>Gets a connection and whether it is the adapter's to close.</summary>
    internal async Task<(IConnection Connection, bool Owned)> ConnectAsync(CancellationToken cancellationToken)
    {
        if (options.ServiceKey is { } key)
        {
            return (services.GetClient<IConnection>(key), false);
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
        if (options is { TlsCertificateFile: { Length: > 0 } certificateFile, TlsKeyFile: { Length: > 0 } keyFile })
        {
            tls.Certs = new X509CertificateCollection { LoadCertificate(certificateFile, keyFile) };
        }

        if (options.TlsAuthorityFile is { Length: > 0 } authorityFile)
        {
            tls.CertificateValidationCallback = TrustedAuthority.TrustOnly(authorityFile);
        }

        return tls;
    }

    private X509Certificate2 LoadCertificate(string certificateFile, string keyFile)
    {
        using var loaded = options.TlsKeyPassword is { Length: > 0 } password
            ? X509Certificate2.CreateFromEncryptedPemFile(certificateFile, password, keyFile)
            : X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

        // Windows cannot use a key that was read from PEM for TLS; one that was read from PKCS#12 it can.
        return X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null);
    }
}
