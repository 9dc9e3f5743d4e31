using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

public sealed class ServiceBusAuthenticationTests : ServiceBusTestBase
{
    [Fact]
    public async Task Cbs_TokenRunsOutUnderLoad_IsRenewedAndNothingIsLost()
    {
        var options = Options();
        options.TokenLifetime = TimeSpan.FromSeconds(8);
        await using var queue = ServiceBusQueueFixture.Create(options);
        var (sent, found) = await RunLoadAsync(queue, () => Server.TokensTaken >= 6);

        Assert.Equal(sent.Order(), found.Keys.Order());
        Assert.All(found.Values, times => Assert.Equal(1, times));
        Assert.Equal(1, Server.Connections);
    }

    [Fact]
    public async Task Cbs_RenewalRefusedUntilTheTokenHasExpired_RecoversAndNothingIsLost()
    {
        var policy = Server.AddPolicy(new SasPolicy("rotated", "b25lLWtleQ=="));
        Stored.LockDuration = TimeSpan.FromSeconds(2);
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(policy) + ";EntityPath=" + QueueName;
        options.LockRenewalInterval = TimeSpan.FromMilliseconds(500);
        options.TokenLifetime = TimeSpan.FromSeconds(4);
        await using var queue = ServiceBusQueueFixture.Create(options);
        await queue.PublishAsync("before");
        var held = await queue.ReceiveOneAsync();

        Server.RemovePolicy(policy);
        await WaitForAsync(() => !CanPublish());
        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("refused"));
        Assert.Contains("SharedAccessKey", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => held.AckAsync(CancellationToken.None).AsTask());
        Server.AddPolicy(policy);

        await WaitForAsync(CanPublish);
        var found = new HashSet<string>();
        while (!found.Contains("before"))
        {
            var delivery = await queue.ReceiveOneAsync();
            found.Add(delivery.MessageId);
            await delivery.AckAsync(CancellationToken.None);
        }

        bool CanPublish()
        {
            try
            {
                queue.PublishAsync("probe").GetAwaiter().GetResult();
                return true;
            }
            catch (QueueUnavailableException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData(ServiceBusAuthentication.Cbs)]
    [InlineData(ServiceBusAuthentication.SaslPlain)]
    public async Task ConnectionString_WrongKey_ThrowsAndNamesWhatToMend(ServiceBusAuthentication authentication)
    {
        var options = Options();
        options.Authentication = authentication;
        options.ConnectionString = Server.ConnectionStringOf(new SasPolicy("RootManageSharedAccessKey", ""), "bm90LXRoZS1rZXk=") + ";EntityPath=" + QueueName;
        await using var queue = ServiceBusQueueFixture.Create(options);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));

        Assert.Contains("Check SharedAccessKeyName and SharedAccessKey in AzureServiceBusQueueOptions.ConnectionString", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("bm90LXRoZS1rZXk", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaslPlain_RightKey_NeedsNoToken()
    {
        var options = Options();
        options.Authentication = ServiceBusAuthentication.SaslPlain;
        await using var queue = ServiceBusQueueFixture.Create(options);

        await queue.PublishAsync("one");
        await TakeAsync(queue, "one");

        Assert.Equal(0, Server.TokensTaken);
    }

    [Fact]
    public async Task Policy_WithoutTheRightToSend_ThrowsAndNamesIt()
    {
        var policy = Server.AddPolicy(new SasPolicy("reader", "a2V5", Send: false));
        var options = Options();
        options.ConnectionString = Server.ConnectionStringOf(policy) + ";EntityPath=" + QueueName;
        await using var queue = ServiceBusQueueFixture.Create(options);

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));

        Assert.Contains("rights Send and Listen", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenProvider_Registered_IsAskedAgainBeforeItsTokenExpires()
    {
        var provider = new Provider();
        Server.GoodTokens.Add("entra-token");
        var options = Options();
        options.ConnectionString = $"Endpoint=sb://127.0.0.1:{Server.Port};UseDevelopmentEmulator=true;EntityPath={QueueName}";
        await using var queue = ServiceBusQueueFixture.Create(
            options, new ServiceCollection().AddSingleton<IServiceBusTokenProvider>(provider).BuildServiceProvider());

        await queue.PublishAsync("one");
        await WaitForAsync(() => Server.TokensTaken >= 4);
        await TakeAsync(queue, "one");

        Assert.Equal(1, Server.Connections);
    }

    [Fact]
    public void ConnectionString_NoKeyAndNoProvider_ThrowsAndNamesBoth()
    {
        var builder = new TestBuilder();
        builder.AddAzureServiceBusQueue(options => options.ConnectionString = "Endpoint=sb://name.servicebus.windows.net/");
        using var provider = builder.Services.BuildServiceProvider();

        var refusal = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IMessageQueue>());

        Assert.StartsWith("'SessionReplay:Queue:AzureServiceBus:ConnectionString'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SharedAccessKey", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("IServiceBusTokenProvider", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Publishes and consumes until a condition holds; any failure of a call is one of the test.</summary>
    private static async Task<(List<string> Sent, ConcurrentDictionary<string, int> Found)> RunLoadAsync(ServiceBusMessageQueue queue, Func<bool> isEnough)
    {
        var sent = new List<string>();
        var found = new ConcurrentDictionary<string, int>();
        using var limit = new CancellationTokenSource(Patience);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
        var consuming = Task.Run(async () =>
        {
            while (!all.IsCancellationRequested)
            {
                foreach (var delivery in await queue.ReceiveAsync(10, all.Token))
                {
                    await delivery.AckAsync(CancellationToken.None);
                    found.AddOrUpdate(delivery.MessageId, 1, (_, times) => times + 1);
                }
            }
        });
        for (var i = 0; !isEnough(); i++)
        {
            await queue.PublishAsync($"m{i}");
            sent.Add($"m{i}");
            await Task.Delay(5, limit.Token);
        }

        await WaitForAsync(() => found.Count == sent.Count);
        await all.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => consuming);
        return (sent, found);
    }

    private sealed class Provider : IServiceBusTokenProvider
    {
        public ValueTask<ServiceBusToken> GetTokenAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult(new ServiceBusToken("entra-token", TimeProvider.System.GetUtcNow().AddSeconds(8)));
    }
}
