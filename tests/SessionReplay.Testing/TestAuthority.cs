using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SessionReplay.Testing;

/// <summary>
/// A certificate authority of a test's own and a server certificate for 127.0.0.1 and localhost, as PEM files in a folder.
/// </summary>
public sealed class TestAuthority
{
    /// <param name="folder">Where the files go.</param>
    /// <param name="name">The name of the authority.</param>
    /// <param name="host">The name in the certificate; that of another host is refused by clients.</param>
    /// <param name="isForClients">Whether the certificate is one for a client alone.</param>
    public TestAuthority(TempFolder folder, string name = "authority", string host = "localhost", bool isForClients = false)
    {
        AuthorityFile = folder.File(name + ".pem");
        CertificateFile = folder.File(name + "-server.pem");
        KeyFile = folder.File(name + "-server.key");
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN=SessionReplay test {name}", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (isForClients)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], true));
        }

        using var certificate = request.Create(authority, from, to.AddDays(-1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(AuthorityFile, authority.ExportCertificatePem() + "\n");
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public string AuthorityFile { get; }

    public string CertificateFile { get; }

    public string KeyFile { get; }

    /// <summary>Encrypts the file of the key.</summary>
    /// <param name="password">The password.</param>
    public void EncryptKey(string password)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(KeyFile));
        File.WriteAllText(
            KeyFile,
            key.ExportEncryptedPkcs8PrivateKeyPem(
                password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048)) + "\n");
    }
}
