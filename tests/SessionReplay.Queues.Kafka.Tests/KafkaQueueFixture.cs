using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Kafka.Tests;

/// <summary>A mock cluster; its brokers are taken off the net and brought back by the recovery suite.</summary>
public sealed class KafkaQueueFixture : QueueFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private MockKafka? _kafka;

    public override string Adapter => "Kafka";

    /// <summary>
    /// An acknowledgement waits for no commit. Moreover the mock cluster refuses commits while a group forms anew, where a broker takes
    /// those of partitions that go.
    /// </summary>
    public override bool RepeatsAcknowledged => true;

    public MockKafka Kafka => _kafka!;

    public override async Task InitializeAsync() => _kafka = await Task.Run(() => new MockKafka());

    public override Task<QueueClient> ConnectAsync(string queue, QueueSettings settings) =>
        Task.FromResult(QueueClient.Of(Open(Options(queue, settings)), () => Describe(queue)));

    public override Task<HoldingProcess> HoldAsync(string queue, QueueSettings settings, int count) =>
        HoldingProcess.StartAsync(typeof(Program).Assembly, Options(queue, settings), count);

    public KafkaQueueOptions Options(string queue, QueueSettings settings) => new()
    {
        BootstrapServers = Kafka.Servers,
        QueueName = queue,
        Group = queue,
        CreateIfMissing = false,
        MaxAttempts = settings.MaxAttempts,
        FirstRetryDelay = settings.FirstRetryDelay,
        MaxRetryDelay = settings.MaxRetryDelay,
        SessionTimeout = TimeSpan.FromSeconds(6),
        CommitInterval = TimeSpan.FromMilliseconds(50),
    };

    /// <summary>Tells what the cluster holds of a queue, and what all clients have logged last.</summary>
    internal string Describe(string queue) => $"{Kafka.Describe(queue, queue, queue + ".retry", queue + ".dead")}\n{Log}";

    /// <summary>What all clients have logged last.</summary>
    internal LogTail<KafkaMessageQueue> Log { get; } = new();

    internal KafkaMessageQueue Open(KafkaQueueOptions options, IServiceProvider? services = null)
    {
        CreateTopics(options.QueueName);
        return Create(options, services);
    }

    private void CreateTopics(string queue)
    {
        Kafka.CreateTopic(queue, 4);
        Kafka.CreateTopic(queue + ".retry", 4);
        Kafka.CreateTopic(queue + ".dead", 1);
    }

    internal KafkaMessageQueue Create(KafkaQueueOptions options, IServiceProvider? services = null) => Create(options, services, Log);

    internal static KafkaMessageQueue Create(KafkaQueueOptions options, IServiceProvider? services, ILogger<KafkaMessageQueue> logger) =>
        new(
        Microsoft.Extensions.Options.Options.Create(options),
        services ?? new ServiceCollection().BuildServiceProvider(),
        TimeProvider.System,
        logger);

    /// <summary>Receives, and tells what the cluster holds when nothing comes.</summary>
    internal async Task<IReadOnlyList<IQueueDelivery>> ReceiveAsync(KafkaMessageQueue queue, KafkaQueueOptions options, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await queue.ReceiveAsync(count, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            Assert.Fail($"Nothing was delivered within {Patience}. {Describe(options.QueueName)}");
            throw;
        }
    }

    public override void Register(ISessionReplayBuilder builder, string queue)
    {
        var given = Options(queue, Settings);
        CreateTopics(queue);
        builder.AddKafkaQueue(options =>
            (options.BootstrapServers, options.QueueName, options.Group,
            options.CreateIfMissing) = (given.BootstrapServers, queue, queue, false));
    }

    public override void RegisterUnreachable(ISessionReplayBuilder builder) => builder.AddKafkaQueue(options =>
    {
        options.BootstrapServers = $"127.0.0.1:{FreePort.Next()}";
        (options.SecurityProtocol, options.SaslMechanism) = (SecurityProtocol.SaslPlaintext, SaslMechanism.Plain);
        (options.SaslUsername, options.SaslPassword) = ("someone", Secret);
        options.ConfirmTimeout = TimeSpan.FromSeconds(1);
    });

    public override Task BreakPeerAsync() => Task.Run(Kafka.Break);

    public override Task RestorePeerAsync() => Task.Run(Kafka.Restore);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _kafka?.Dispose();
    }
}
