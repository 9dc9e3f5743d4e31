using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Checks a server's certificate against authorities of the operator's and no other.</summary>
internal static class TrustedAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Makes the check. The name in the certificate is checked as always.</summary>
    /// <param name="file">A PEM file with one or more certificates.</param>
    internal static RemoteCertificateValidationCallback TrustOnly(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return (_, certificate, presented, errors) =>
        {
            if (certificate is not X509Certificate2 server
                || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            {
                return false;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;

            // The same authority signs the certificates of clients, and none of these may pass for a server.
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
            foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            {
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }

            return chain.Build(server);
        };
    }
}
