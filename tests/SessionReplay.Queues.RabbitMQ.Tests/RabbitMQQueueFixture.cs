using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Queues.RabbitMQ.Tests;

/// <summary>A broker of the tests' own, killed with SIGKILL and started again by the recovery suite.</summary>
public sealed class RabbitMQQueueFixture : QueueFixture
{
    private RabbitMqServer? _server;

    public override string Adapter => "RabbitMQ";

    /// <summary>A quorum queue counts what was given back; see RabbitMQQueueOptions.DeliveryLimit.</summary>
    public override bool ForgetsReleasedAttempts => false;

    /// <summary>AMQP does not tell ages of what no consumer has fetched.</summary>
    public override bool ReportsOldestAge => false;

    public RabbitMqServer Server
    {
        get
        {
            RabbitMqServer.Require();
            return _server!;
        }
    }

    public override async Task InitializeAsync()
    {
        if (RabbitMqServer.IsInstalled)
        {
            _server = await RabbitMqServer.StartAsync();
        }
    }

    public override Task<QueueClient> ConnectAsync(string queue, QueueSettings settings) =>
        Task.FromResult(QueueClient.Of(Create(Options(queue, settings))));

    public override Task<HoldingProcess> HoldAsync(string queue, QueueSettings settings, int count) =>
        HoldingProcess.StartAsync(typeof(Program).Assembly, Options(queue, settings), count);

    internal static RabbitMQMessageQueue Create(RabbitMQQueueOptions options, IServiceProvider? services = null) => new(
        Microsoft.Extensions.Options.Options.Create(options),
        services ?? new ServiceCollection().BuildServiceProvider(),
        TimeProvider.System,
        NullLogger<RabbitMQMessageQueue>.Instance);

    public override void Register(ISessionReplayBuilder builder, string queue) =>
        builder.AddRabbitMQQueue(options => (options.ConnectionString, options.QueueName) = (Server.ConnectionString, queue));

    public override void RegisterUnreachable(ISessionReplayBuilder builder) =>
        builder.AddRabbitMQQueue(options => options.ConnectionString = $"amqp://someone:{Secret}@127.0.0.1:{FreePort.Next()}");

    public override Task BreakPeerAsync() => Server.KillAsync();

    public override Task RestorePeerAsync() => Server.StartAsync();

    private RabbitMQQueueOptions Options(string queue, QueueSettings settings) => new()
    {
        ConnectionString = Server.ConnectionString,
        QueueName = queue,
        MaxAttempts = settings.MaxAttempts,
        DeliveryLimit = 1000,
        FirstRetryDelay = settings.FirstRetryDelay,
        MaxRetryDelay = settings.MaxRetryDelay,
    };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
