using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Queues;

/// <summary>Amazon SQS, as fauxqs: killed with SIGKILL, it finds its messages again in its file.</summary>
public sealed class SqsUnderTest : QueueUnderTest
{
    private readonly Fauxqs _server = new();

    public override string Adapter => "Sqs";

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["SessionReplay:Queue:Provider"] = "Sqs",
        ["SessionReplay:Queue:Sqs:ServiceUrl"] = _server.ServiceUrl,
        ["SessionReplay:Queue:Sqs:AccessKey"] = Fauxqs.AccessKey,
        ["SessionReplay:Queue:Sqs:SecretKey"] = Fauxqs.SecretKey,
        ["SessionReplay:Queue:Sqs:LeaseTime"] = "00:00:03",
        ["SessionReplay:Queue:Sqs:ConfirmTimeout"] = "00:00:05",
    };

    public override Task StartAsync() => _server.StartProcessAsync();

    public override Task BreakAsync() => _server.KillAsync();

    public override Task RestoreAsync() => _server.StartProcessAsync();

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
