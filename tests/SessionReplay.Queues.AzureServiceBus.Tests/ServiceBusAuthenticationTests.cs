using Azure.Core;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

public sealed class ServiceBusAuthenticationTests : ServiceBusTestBase
{
    [Fact]
    public async Task ConnectionString_WrongKey_ThrowsAndNamesWhatToCheck()
    {
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(new SasPolicy("RootManageSharedAccessKey", ""), "bm90LXRoZS1rZXk=");
        await using var queue = ServiceBusQueueFixture.Create(options);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));

        Assert.Contains(
            "Check SharedAccessKeyName and SharedAccessKey in AzureServiceBusQueueOptions.ConnectionString", refusal.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("bm90LXRoZS1rZXk", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_WithoutTheRightToSend_ThrowsAndNamesIt()
    {
        var policy = Server.AddPolicy(new SasPolicy("reader", "a2V5", Send: false));
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(policy);
        await using var queue = ServiceBusQueueFixture.Create(options);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));

        Assert.Contains("rights Send and Listen", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FullyQualifiedNamespace_NoCredential_ThrowsAndNamesBoth()
    {
        using var provider = Build(options => options.FullyQualifiedNamespace = "name.servicebus.windows.net");

        var refusal = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IMessageQueue>());

        Assert.StartsWith("AzureServiceBusQueueOptions.FullyQualifiedNamespace is set", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("TokenCredential", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullyQualifiedNamespace_CredentialRegistered_IsAskedForATokenOfServiceBus()
    {
        var credential = new Credential();
        await using var services = new ServiceCollection().AddSingleton<TokenCredential>(credential).BuildServiceProvider();
        var options = new AzureServiceBusQueueOptions
        {
            FullyQualifiedNamespace = "name.servicebus.windows.net", QueueName = QueueName, ConfirmTimeout = TimeSpan.FromSeconds(2),
        };
        var clients = ServiceBusClients.Create(options, services);
        await using var client = clients.Client;

        Assert.Equal("name.servicebus.windows.net", client.FullyQualifiedNamespace);
        await Assert.ThrowsAnyAsync<Exception>(() => clients.Administration!.QueueExistsAsync(QueueName));
        Assert.Equal("https://servicebus.azure.net/.default", credential.Scope);
    }

    [Fact]
    public async Task ServiceKey_ClientsOfTheApplication_AreUsedAndNotDisposed()
    {
        await using var client = new ServiceBusClient(Server.ConnectionString);
        var services = new ServiceCollection()
            .AddKeyedSingleton("replay", client)
            .AddKeyedSingleton("replay", new ServiceBusAdministrationClient(Server.AdministrationConnectionString))
            .BuildServiceProvider();
        await using (var queue = ServiceBusQueueFixture.Create(
            new AzureServiceBusQueueOptions { ServiceKey = "replay", QueueName = QueueName }, services))
        {
            await queue.PublishAsync("one");
            Assert.Equal(1, (await queue.GetStatusAsync(CancellationToken.None)).Ready);
            await TakeAsync(queue, "one");
        }

        Assert.False(client.IsClosed);
    }

    [Fact]
    public void ClientOptions_Always_HaveNoRetriesOfTheirOwn()
    {
        var options = ServiceBusClients.CreateClientOptions(
            new AzureServiceBusQueueOptions { ConfirmTimeout = TimeSpan.FromSeconds(3),
                Transport = ServiceBusTransportType.AmqpWebSockets });

        Assert.Equal((0, TimeSpan.FromSeconds(3)), (options.RetryOptions.MaxRetries, options.RetryOptions.TryTimeout));
        Assert.Equal(ServiceBusTransportType.AmqpWebSockets, options.TransportType);
    }

    private static ServiceProvider Build(Action<AzureServiceBusQueueOptions> configure)
    {
        var builder = new TestBuilder();
        builder.AddAzureServiceBusQueue(configure);
        return builder.Services.BuildServiceProvider();
    }

    private sealed class Credential : TokenCredential
    {
        public string? Scope { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scope = requestContext.Scopes[0];
            throw new InvalidOperationException("No token.");
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
