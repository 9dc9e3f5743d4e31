using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Queues.Nats.Tests;

/// <summary>A server of the tests' own, killed with SIGKILL and started again by the recovery suite.</summary>
public sealed class NatsQueueFixture : QueueFixture
{
    private NatsServer? _server;

    public override string Adapter => "Nats";

    /// <summary>The server counts every delivery.</summary>
    public override bool ForgetsReleasedAttempts => false;

    public NatsServer Server
    {
        get
        {
            NatsServer.Require();
            return _server!;
        }
    }

    public override async Task InitializeAsync()
    {
        if (NatsServer.IsInstalled)
        {
            _server = await NatsServer.CreateAsync();
        }
    }

    public override Task<QueueClient> ConnectAsync(string queue, QueueSettings settings) =>
        Task.FromResult(QueueClient.Of(Create(Options(queue, settings))));

    public override Task<HoldingProcess> HoldAsync(string queue, QueueSettings settings, int count) =>
        HoldAsync(Options(queue, settings), count);

    internal static Task<HoldingProcess> HoldAsync(NatsQueueOptions options, int count) =>
        HoldingProcess.StartAsync(typeof(Program).Assembly, options, count);

    internal static NatsMessageQueue Create(NatsQueueOptions options, IServiceProvider? services = null) => new(
        Microsoft.Extensions.Options.Options.Create(options),
        services ?? new ServiceCollection().BuildServiceProvider(),
        TimeProvider.System,
        NullLogger<NatsMessageQueue>.Instance);

    public override void Register(ISessionReplayBuilder builder, string queue) =>
        builder.AddNatsQueue(options => (options.ConnectionString, options.QueueName) = (Server.Url, queue));

    public override void RegisterUnreachable(ISessionReplayBuilder builder) =>
        builder.AddNatsQueue(options => options.ConnectionString = $"nats://someone:{Secret}@127.0.0.1:{FreePort.Next()}");

    public override Task BreakPeerAsync() => Server.KillAsync();

    public override Task RestorePeerAsync() => Server.StartAsync();

    private NatsQueueOptions Options(string queue, QueueSettings settings) => new()
    {
        ConnectionString = Server.Url,
        QueueName = queue,
        MaxAttempts = settings.MaxAttempts,
        DeliveryLimit = 1000,
        LeaseTime = settings.LeaseTime,
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
