using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Queues.RabbitMQ.Tests;

public sealed class RabbitMQTlsTests
{
    [SkippableFact]
    public async Task ConnectionString_Amqps_TrustsTheGivenAuthorityAndNoOther()
    {
        RabbitMqServer.Require();
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder);
        var stranger = new TestAuthority(folder, "stranger");
        var port = FreePort.Next();
        await using var server = await StartAsync(port, authority);
        var options = new RabbitMQQueueOptions { ConnectionString = $"amqps://guest:guest@localhost:{port}",
            TlsAuthorityFile = authority.AuthorityFile };

        await using (var queue = RabbitMQQueueFixture.Create(options))
        {
            await queue.PublishAsync(new QueueMessage("one", "session", new byte[10]), CancellationToken.None);
        }

        options.TlsAuthorityFile = stranger.AuthorityFile;
        await AssertRefusedAsync(options);
        options.TlsAuthorityFile = null;
        await AssertRefusedAsync(options);
        options.TlsAuthorityFile = authority.AuthorityFile;
        options.TlsServerName = "other.example";
        await AssertRefusedAsync(options);
    }

    [SkippableFact]
    public async Task ConnectionString_Amqps_CertificateOfAClient_IsRefused()
    {
        RabbitMqServer.Require();
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder, isForClients: true);
        var port = FreePort.Next();
        await using var server = await StartAsync(port, authority);

        await AssertRefusedAsync(
            new RabbitMQQueueOptions { ConnectionString = $"amqps://guest:guest@localhost:{port}",
                TlsAuthorityFile = authority.AuthorityFile });
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("sesame")]
    public async Task TlsCertificateFile_BrokerThatWantsOne_LetsThisClientInAndNoOther(string? password)
    {
        RabbitMqServer.Require();
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder);
        var clients = new TestAuthority(folder, "clients", host: "replay", isForClients: true);
        if (password is not null)
        {
            clients.EncryptKey(password);
        }

        var port = FreePort.Next();
        await using var server = await StartAsync(port, authority, clients);
        var options = new RabbitMQQueueOptions
        {
            ConnectionString = $"amqps://guest:guest@localhost:{port}",
            TlsAuthorityFile = authority.AuthorityFile,
            TlsCertificateFile = clients.CertificateFile,
            TlsKeyFile = clients.KeyFile,
            TlsKeyPassword = password,
        };

        await using (var queue = RabbitMQQueueFixture.Create(options))
        {
            await queue.PublishAsync(new QueueMessage("one", "session", new byte[10]), CancellationToken.None);
        }

        (options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword) = (null, null, null);
        await AssertRefusedAsync(options);
    }

    private static Task<RabbitMqServer> StartAsync(int port, TestAuthority authority, TestAuthority? clients = null) =>
        RabbitMqServer.StartAsync(
        $"""
        listeners.ssl.1 = 127.0.0.1:{port}
        ssl_options.cacertfile = {(clients ?? authority).AuthorityFile}
        ssl_options.certfile = {authority.CertificateFile}
        ssl_options.keyfile = {authority.KeyFile}
        ssl_options.verify = {(clients is null ? "verify_none" : "verify_peer")}
        ssl_options.fail_if_no_peer_cert = {(clients is null ? "false" : "true")}

        """);

    private static async Task AssertRefusedAsync(RabbitMQQueueOptions options)
    {
        await using var queue = RabbitMQQueueFixture.Create(options);
        await Assert.ThrowsAsync<QueueUnavailableException>(
            () => queue.PublishAsync(new QueueMessage("one", "session", new byte[10]), CancellationToken.None).AsTask());
    }
}
