using SessionReplay.Queues.Kafka.Tests;

namespace SessionReplay.FaultTests.Queues;

/// <summary>
/// The mock cluster of librdkafka. A kill is that its brokers close all connections and refuse new ones: their records are in memory.
/// </summary>
public sealed class KafkaUnderTest : QueueUnderTest
{
    private const string Topic = "session-replay";

    /// <summary>
    /// The mock cluster keeps 5 MiB of a partition and forgets what is older, consumed or not: about 170 batches of a visitor. With so many
    /// partitions each visitor has one to himself, mostly, so that what waits while no worker runs is less than that.
    /// </summary>
    private const int Partitions = 128;
    private const string Group = "session-replay-workers";
    private MockKafka? _kafka;

    public override string Adapter => "Kafka";

    public override string Breaking => "all brokers down and up again (mock cluster)";

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["SessionReplay:Queue:Provider"] = "Kafka",
        ["SessionReplay:Queue:Kafka:BootstrapServers"] = _kafka!.Servers,
        ["SessionReplay:Queue:Kafka:QueueName"] = Topic,
        ["SessionReplay:Queue:Kafka:Group"] = Group,
        ["SessionReplay:Queue:Kafka:CreateIfMissing"] = "false",
        ["SessionReplay:Queue:Kafka:SessionTimeout"] = "00:00:06",
        ["SessionReplay:Queue:Kafka:RebalanceTimeout"] = "00:00:05",
        ["SessionReplay:Queue:Kafka:MaxMessageBytes"] = "131072",
    };

    public override async Task StartAsync()
    {
        _kafka = await Task.Run(() => new MockKafka());
        _kafka.CreateTopic(Topic, Partitions);
        _kafka.CreateTopic(Topic + ".retry", Partitions);
        _kafka.CreateTopic(Topic + ".dead", 1);
    }

    public override Task BreakAsync() => Task.Run(_kafka!.Break);

    public override Task RestoreAsync() => Task.Run(_kafka!.Restore);

    public override Task<string> DescribeAsync() => Task.Run(() => _kafka!.Describe(Group, Topic, Topic + ".retry", Topic + ".dead"));

    public override ValueTask DisposeAsync()
    {
        _kafka?.Dispose();
        return ValueTask.CompletedTask;
    }
}
