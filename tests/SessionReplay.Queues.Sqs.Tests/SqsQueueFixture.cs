using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Queues.Sqs.Tests;

/// <summary>A service of the tests' own, killed with SIGKILL and started again by the recovery suite.</summary>
public sealed class SqsQueueFixture : QueueFixture
{
    private readonly Fauxqs _server = new();

    public override string Adapter => "Sqs";

    /// <summary>The service counts whole seconds.</summary>
    public override QueueSettings Settings => new() { FirstRetryDelay = TimeSpan.FromSeconds(1) };

    /// <summary>The service counts every delivery.</summary>
    public override bool ForgetsReleasedAttempts => false;

    /// <summary>The age of the oldest message is told by another service (CloudWatch).</summary>
    public override bool ReportsOldestAge => false;

    /// <summary>For the service a message that waits for its retry is in flight.</summary>
    public override bool ReportsInFlight => false;

    public Fauxqs Server
    {
        get
        {
            NodePeers.Require("fauxqs", "dist", "app.js");
            return _server;
        }
    }

    public override async Task InitializeAsync()
    {
        if (Fauxqs.IsInstalled)
        {
            await _server.StartProcessAsync();
        }
    }

    public override Task<QueueClient> ConnectAsync(string queue, QueueSettings settings) =>
        Task.FromResult(QueueClient.Of(Create(Options(queue, settings))));

    public override Task<HoldingProcess> HoldAsync(string queue, QueueSettings settings, int count) =>
        HoldAsync(Options(queue, settings), count);

    internal static Task<HoldingProcess> HoldAsync(SqsQueueOptions options, int count) =>
        HoldingProcess.StartAsync(typeof(Program).Assembly, options, count);

    /// <summary>Options that lead to the service.</summary>
    public SqsQueueOptions Options(string? queue = null) => new()
    {
        ServiceUrl = Server.ServiceUrl,
        AccessKey = Fauxqs.AccessKey,
        SecretKey = Fauxqs.SecretKey,
        QueueName = queue ?? NewQueueName(),
        WaitTime = TimeSpan.FromSeconds(2),
    };

    internal static SqsMessageQueue Create(SqsQueueOptions options, IServiceProvider? services = null) => new(
        Microsoft.Extensions.Options.Options.Create(options),
        services ?? new ServiceCollection().BuildServiceProvider(),
        TimeProvider.System,
        NullLogger<SqsMessageQueue>.Instance);

    public override void Register(ISessionReplayBuilder builder, string queue) => builder.AddSqsQueue(options =>
    {
        options.ServiceUrl = Server.ServiceUrl;
        (options.AccessKey, options.SecretKey) = (Fauxqs.AccessKey, Fauxqs.SecretKey);
        options.QueueName = queue;
    });

    public override void RegisterUnreachable(ISessionReplayBuilder builder) => builder.AddSqsQueue(options =>
    {
        options.ServiceUrl = $"http://127.0.0.1:{FreePort.Next()}";
        (options.AccessKey, options.SecretKey) = ("AK", Secret);
    });

    public override Task BreakPeerAsync() => Server.KillAsync();

    public override Task RestorePeerAsync() => Server.StartProcessAsync();

    private SqsQueueOptions Options(string queue, QueueSettings settings)
    {
        var options = Options(queue);
        options.MaxAttempts = settings.MaxAttempts;
        options.LeaseTime = settings.LeaseTime;
        options.FirstRetryDelay = settings.FirstRetryDelay;
        options.MaxRetryDelay = settings.MaxRetryDelay;
        return options;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }
}
