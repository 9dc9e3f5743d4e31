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

        var uris = options.ConnectionString.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => new Uri(text)).ToArray();
        var factory = new ConnectionFactory
        {
            Uri = uris[0],
            ClientProvidedName = "session-replay",
            RequestedHeartbeat = TimeSpan.FromSeconds(10),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = options.ConfirmTimeout,

            // A link that has ended is replaced as a whole (RabbitMQLinks): the client's own recovery would swallow settlements of deliveries
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
            Enabled = string.Equals(uri.Scheme, "amqps", StringComparison.OrdinalIgnoreCase),
            ServerName = options.TlsServerName ?? uri.Host,
            AcceptablePolicyErrors = SslPolicyErrors.None,
        };
        if (options.ClientCertificatePath is { } path)
        {
            tls.Certs = new X509CertificateCollection { X509CertificateLoader.LoadPkcs12FromFile(path, options.ClientCertificatePassword) };
        }

        if (options.TlsAuthorityFile is { } authorityFile)
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(authorityFile);
            tls.CertificateValidationCallback = (_, certificate, chain, errors) => IsSignedByOneOf(authorities, certificate, chain, errors);
        }

        return tls;
    }

    private static bool IsSignedByOneOf(
        X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 broker || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(broker);
    }
}
