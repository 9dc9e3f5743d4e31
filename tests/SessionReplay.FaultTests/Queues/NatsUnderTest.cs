using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Queues;

/// <summary>NATS JetStream, with so small a limit on messages that full snapshots travel as claim checks.</summary>
public sealed class NatsUnderTest : QueueUnderTest
{
    private const int MaxPayload = 64 * 1024;
    private readonly TempFolder _folder = new();
    private NatsServer? _server;

    public override string Adapter => "Nats";

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["SessionReplay:Queue:Provider"] = "Nats",
        ["SessionReplay:Queue:Nats:ConnectionString"] = _server!.Url,
        ["SessionReplay:Queue:Nats:LeaseTime"] = "00:00:03",
        ["SessionReplay:Queue:Nats:ConfirmTimeout"] = "00:00:05",
    };

    public override async Task StartAsync()
    {
        NatsServer.Require();
        await File.WriteAllTextAsync(_folder.File("nats.conf"), FormattableString.Invariant($"max_payload: {MaxPayload}\n"));
        _server = await NatsServer.CreateAsync("-c", _folder.File("nats.conf"));
    }

    public override Task BreakAsync() => _server!.KillAsync();

    public override Task RestoreAsync() => _server!.StartAsync();

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
