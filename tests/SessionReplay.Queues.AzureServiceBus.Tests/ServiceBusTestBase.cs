using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>A server of a test's own and the usual ways to use it.</summary>
public abstract class ServiceBusTestBase : IAsyncLifetime
{
    protected const string QueueName = "replay";
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public ServiceBusServer Server { get; private set; } = null!;

    internal StoredQueue Stored => Server.Queue(QueueName);

    public Task InitializeAsync()
    {
        Server = new ServiceBusServer();
        Stored.LockDuration = TimeSpan.FromMinutes(5);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    protected AzureServiceBusQueueOptions Options() => new()
    {
        ConnectionString = Server.ConnectionString,
        QueueName = QueueName,
        AdministrationConnectionString = Server.AdministrationConnectionString,
        FirstRetryDelay = TimeSpan.FromMilliseconds(50),
        ConfirmTimeout = TimeSpan.FromSeconds(20),
    };

    internal static async Task TakeAsync(ServiceBusMessageQueue queue, string id)
    {
        var delivery = await queue.ReceiveOneAsync();
        Assert.Equal(id, delivery.MessageId);
        await delivery.AckAsync(CancellationToken.None);
    }

    internal static bool TryPublish(ServiceBusMessageQueue queue, string id)
    {
        try
        {
            queue.PublishAsync(id).GetAwaiter().GetResult();
            return true;
        }
        catch (QueueUnavailableException)
        {
            return false;
        }
    }

    protected static async Task WaitForAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
