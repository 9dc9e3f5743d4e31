using SessionReplay.Queues.AzureServiceBus.Tests.Peer;

namespace SessionReplay.FaultTests.Queues;

/// <summary>
/// Azure Service Bus, as the adapter's tests' own server in this process. A kill is that it cuts all connections and no longer listens; its
/// queues are in memory and outlive it.
/// </summary>
public sealed class AzureServiceBusUnderTest : QueueUnderTest
{
    private const string Queue = "session-replay";
    private ServiceBusServer? _server;

    public override string Adapter => "AzureServiceBus";

    public override string Breaking => "server down and up again (in-process server)";

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["SessionReplay:Queue:Provider"] = "AzureServiceBus",
        ["SessionReplay:Queue:AzureServiceBus:ConnectionString"] = _server!.ConnectionString,
        ["SessionReplay:Queue:AzureServiceBus:AdministrationConnectionString"] = _server.AdministrationConnectionString,
        ["SessionReplay:Queue:AzureServiceBus:QueueName"] = Queue,
        ["SessionReplay:Queue:AzureServiceBus:LockRenewalInterval"] = "00:00:01",
        ["SessionReplay:Queue:AzureServiceBus:ConfirmTimeout"] = "00:00:05",
    };

    public override Task StartAsync()
    {
        _server = new();
        _server.Queue(Queue).LockDuration = TimeSpan.FromSeconds(3);
        return Task.CompletedTask;
    }

    public override Task BreakAsync() => Task.Run(_server!.Kill);

    public override Task RestoreAsync() => Task.Run(_server!.Start);

    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
