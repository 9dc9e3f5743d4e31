using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Queues;

/// <summary>RabbitMQ. It notices by missing heartbeats that a worker is stopped.</summary>
public sealed class RabbitMqUnderTest : QueueUnderTest
{
    private RabbitMqServer? _server;

    public override string Adapter => "RabbitMQ";

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["SessionReplay:Queue:Provider"] = "RabbitMQ",
        ["SessionReplay:Queue:RabbitMQ:ConnectionString"] = _server!.ConnectionString,
        ["SessionReplay:Queue:RabbitMQ:ConfirmTimeout"] = "00:00:05",
    };

    public override async Task StartAsync()
    {
        RabbitMqServer.Require();
        _server = await RabbitMqServer.StartAsync("heartbeat = 2\n");
    }

    public override Task BreakAsync() => _server!.KillAsync();

    public override Task RestoreAsync() => _server!.StartAsync();

    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
