using System.Security.Cryptography.X509Certificates;
using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Testing;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

public sealed class ServiceBusTransportTests
{
    [Fact]
    public async Task ConnectionString_Tls_TrustsTheGivenAuthorityAndNoOther()
    {
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder);
        var stranger = new TestAuthority(folder, "stranger");
        using var pem = X509Certificate2.CreateFromPemFile(authority.CertificateFile, authority.KeyFile);
        using var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        await using var server = new ServiceBusServer("amqps", certificate);
        server.Queue("session-replay");
        var options = new AzureServiceBusQueueOptions { ConnectionString = server.ConnectionString, TlsAuthorityFile = authority.AuthorityFile };
        await using (var queue = ServiceBusQueueFixture.Create(options))
        {
            await PublishAsync(queue);
        }

        foreach (var wrong in new[] { stranger.AuthorityFile, null })
        {
            options.TlsAuthorityFile = wrong;
            await using var queue = ServiceBusQueueFixture.Create(options);
            await Assert.ThrowsAsync<QueueUnavailableException>(() => PublishAsync(queue));
        }
    }

    [Fact]
    public async Task Transport_WebSockets_SendsAndReceives()
    {
        await using var server = new ServiceBusServer("ws");
        server.Queue("session-replay");
        await using var queue = ServiceBusQueueFixture.Create(
            new AzureServiceBusQueueOptions { ConnectionString = server.ConnectionString, Transport = ServiceBusTransport.WebSockets });
        await PublishAsync(queue);

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var delivery = Assert.Single(await queue.ReceiveAsync(1, limit.Token));

        Assert.Equal("one", delivery.MessageId);
        await delivery.AckAsync(limit.Token);
    }

    private static Task PublishAsync(ServiceBusMessageQueue queue) =>
        queue.PublishAsync(new QueueMessage("one", "session", new byte[100_000]), CancellationToken.None).AsTask();
}
