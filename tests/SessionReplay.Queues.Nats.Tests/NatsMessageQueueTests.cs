using Microsoft.Extensions.DependencyInjection;
using NATS.Client.Core;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Queues.Nats.Tests;

[Collection(NatsQueueCollection.Name)]
public sealed class NatsMessageQueueTests(NatsQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [SkippableTheory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task ServiceKey_ApplicationsConnection_IsUsedAndLeftOpen(string key)
    {
        await using INatsConnection connection = new NatsConnection(NatsOpts.Default with { Url = fixture.Server.Url });
        var services = new ServiceCollection();
        if (key.Length == 0)
        {
            services.AddSingleton(connection);
        }
        else
        {
            services.AddKeyedSingleton(key, connection);
        }

        await using (var queue = NatsQueueFixture.Create(
            new NatsQueueOptions { ConnectionString = "nats://nowhere.invalid", ServiceKey = key, QueueName = fixture.NewQueueName() },
            services.BuildServiceProvider()))
        {
            await queue.PublishAsync("one");
            await (await queue.ReceiveOneAsync()).AckAsync(CancellationToken.None);
        }

        Assert.Equal(NatsConnectionState.Open, connection.ConnectionState);
    }

    [SkippableFact]
    public async Task Publish_SameIdTwice_IsStoredOnce()
    {
        await using var queue = NatsQueueFixture.Create(
            new NatsQueueOptions { ConnectionString = fixture.Server.Url, QueueName = fixture.NewQueueName() });
        await queue.PublishAsync("one");
        await queue.PublishAsync("one");

        Assert.Equal(1, (await queue.GetStatusAsync(CancellationToken.None)).Ready);
    }

    [SkippableFact]
    public async Task Receive_ConsumersEndAgainAndAgain_MakesADeadLetter()
    {
        var options = new NatsQueueOptions
        {
            ConnectionString = fixture.Server.Url, QueueName = fixture.NewQueueName(), DeliveryLimit = 2,
            LeaseTime = TimeSpan.FromSeconds(1),
        };
        await using var last = NatsQueueFixture.Create(options);
        await last.PublishAsync("poison");
        for (var crash = 0; crash < 2; crash++)
        {
            await using var process = await NatsQueueFixture.HoldAsync(options, 1);
            Assert.Equal(crash + 1, process.Attempts["poison"]);
        }

        using var end = new CancellationTokenSource();
        var receiving = last.ReceiveAsync(1, end.Token).AsTask();
        using var limit = new CancellationTokenSource(Patience);
        while ((await last.GetStatusAsync(limit.Token)).DeadLettered == 0)
        {
            await Task.Delay(50, limit.Token);
        }

        Assert.Equal(("poison", 3), (await last.ListAsync(10, limit.Token)).Select(letter => (letter.MessageId, letter.Attempts)).Single());
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
    }

    [SkippableFact]
    public async Task Publish_StreamFull_ThrowsAndDropsNothing()
    {
        await using var queue = NatsQueueFixture.Create(
            new NatsQueueOptions { ConnectionString = fixture.Server.Url, QueueName = fixture.NewQueueName(), MaxQueueBytes = 1 << 20 });
        var published = 0;
        await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
        {
            for (; published < 100; published++)
            {
                await queue.PublishAsync($"m{published}", 50_000);
            }
        });

        Assert.InRange(published, 10, 21);
        Assert.Equal(published, (await queue.GetStatusAsync(CancellationToken.None)).Ready);
    }

    [SkippableFact]
    public async Task MaxMessageBytes_ServerTakesMore_FollowsTheServer()
    {
        NatsServer.Require();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("nats.conf"), "max_payload: 4194304\n");
        await using var server = await NatsServer.CreateAsync("-c", folder.File("nats.conf"));
        await using var queue = NatsQueueFixture.Create(new NatsQueueOptions { ConnectionString = server.Url });
        Assert.Equal((1 << 20) - 8192, queue.MaxMessageBytes);

        await queue.PublishAsync("large", 4_000_000);

        Assert.Equal((4 << 20) - 8192, queue.MaxMessageBytes);
        var delivery = await queue.ReceiveOneAsync();
        await delivery.DeadLetterAsync(new string('漢', 1024), CancellationToken.None);
        Assert.Equal(4_000_000, Assert.Single(await queue.ListAsync(10, CancellationToken.None)).Bytes);
    }

    [SkippableFact]
    public async Task DeadLetter_GreatestBodyLongestReasonAndIds_FitsTheServersLimit()
    {
        await using var queue = NatsQueueFixture.Create(
            new NatsQueueOptions { ConnectionString = fixture.Server.Url, QueueName = fixture.NewQueueName() });
        var id = new string('%', 128);
        await queue.PublishAsync(new QueueMessage(id, id, new byte[queue.MaxMessageBytes]), CancellationToken.None);
        var reason = new string('漢', 1024);

        await (await queue.ReceiveOneAsync()).DeadLetterAsync(reason, CancellationToken.None);

        var letter = Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        Assert.Equal((id, reason), (letter.MessageId, letter.Reason));
    }

    [SkippableFact]
    public async Task ConnectionString_Tls_TrustsTheGivenAuthorityAndNoOther()
    {
        NatsServer.Require();
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder);
        var stranger = new TestAuthority(folder, "stranger");
        await using var server =
            await NatsServer.CreateAsync("--tls", "--tlscert", authority.CertificateFile, "--tlskey", authority.KeyFile);
        var options = new NatsQueueOptions { ConnectionString = $"tls://localhost:{server.Port}",
            TlsAuthorityFile = authority.AuthorityFile };
        await using (var queue = NatsQueueFixture.Create(options))
        {
            await queue.PublishAsync("one");
        }

        foreach (var wrong in new[] { stranger.AuthorityFile, null })
        {
            options.TlsAuthorityFile = wrong;
            await using var queue = NatsQueueFixture.Create(options);
            await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("two"));
        }
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("sesame")]
    public async Task TlsCertificateFile_ServerThatWantsOne_LetsThisClientInAndNoOther(string? password)
    {
        NatsServer.Require();
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder);
        var clients = new TestAuthority(folder, "clients", host: "replay", isForClients: true);
        if (password is not null)
        {
            clients.EncryptKey(password);
        }

        await using var server = await NatsServer.CreateAsync(
            "--tls", "--tlscert", authority.CertificateFile, "--tlskey", authority.KeyFile, "--tlsverify", "--tlscacert",
            clients.AuthorityFile);
        var options = new NatsQueueOptions
        {
            ConnectionString = $"tls://localhost:{server.Port}",
            TlsAuthorityFile = authority.AuthorityFile,
            TlsCertificateFile = clients.CertificateFile,
            TlsKeyFile = clients.KeyFile,
            TlsKeyPassword = password,
        };
        await using (var queue = NatsQueueFixture.Create(options))
        {
            await queue.PublishAsync("one");
        }

        (options.TlsCertificateFile, options.TlsKeyFile, options.TlsKeyPassword) = (null, null, null);
        await using var stranger = NatsQueueFixture.Create(options);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => stranger.PublishAsync("two"));
    }

    [SkippableTheory]
    [InlineData("other.example", false)]
    [InlineData("localhost", true)]
    public async Task ConnectionString_Tls_CertificateOfAnotherHostOrOfAClient_IsRefused(string host, bool isForClients)
    {
        NatsServer.Require();
        using var folder = new TempFolder();
        var authority = new TestAuthority(folder, host: host, isForClients: isForClients);
        await using var server =
            await NatsServer.CreateAsync("--tls", "--tlscert", authority.CertificateFile, "--tlskey", authority.KeyFile);
        await using var queue = NatsQueueFixture.Create(
            new NatsQueueOptions { ConnectionString = $"tls://localhost:{server.Port}", TlsAuthorityFile = authority.AuthorityFile });

        await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));
    }
}
