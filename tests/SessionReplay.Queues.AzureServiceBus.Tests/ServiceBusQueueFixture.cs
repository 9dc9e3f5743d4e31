using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SessionReplay.Queues.AzureServiceBus.Tests.Peer;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>A server of the tests' own, whose connections are cut and which is started again by the recovery suite.</summary>
public sealed class ServiceBusQueueFixture : QueueFixture
{
    public override bool KeepsRefused => false;

    public override string Adapter => "AzureServiceBus";

    public ServiceBusServer Server { get; } = new();

    public override Task<QueueClient> ConnectAsync(string queue, QueueSettings settings)
    {
        Server.Queue(queue).LockDuration = settings.LeaseTime;
        return Task.FromResult(QueueClient.Of(Create(new AzureServiceBusQueueOptions
        {
            ConnectionString = Server.ConnectionString,
            ManagementUrl = Server.ManagementUrl,
            QueueName = queue,
            LockRenewalInterval = settings.LeaseTime / 4,
            MaxAttempts = settings.MaxAttempts,
            FirstRetryDelay = settings.FirstRetryDelay,
            MaxRetryDelay = settings.MaxRetryDelay,
        })));
    }

    internal static ServiceBusMessageQueue Create(
        AzureServiceBusQueueOptions options, IServiceProvider? services = null, ILogger<ServiceBusMessageQueue>? logger = null) => new(
        Options.Create(options),
        services ?? new ServiceCollection().BuildServiceProvider(),
        TimeProvider.System,
        logger ?? NullLogger<ServiceBusMessageQueue>.Instance);

    public override void Register(ISessionReplayBuilder builder, string queue)
    {
        _ = Server.Queue(queue);
        builder.AddAzureServiceBusQueue(options =>
            (options.ConnectionString, options.ManagementUrl, options.QueueName) = (Server.ConnectionString, Server.ManagementUrl, queue));
    }

    public override void RegisterUnreachable(ISessionReplayBuilder builder) => builder.AddAzureServiceBusQueue(options =>
        options.ConnectionString = $"Endpoint=sb://127.0.0.1:{FreePort.Next()};SharedAccessKeyName=name;SharedAccessKey={Secret};UseDevelopmentEmulator=true");

    public override async Task CrashAsync(QueueClient client)
    {
        // To the service a crash is the end of the connection: the locks run out.
        client.MarkEnded();
        await ((ServiceBusMessageQueue)client.Handle).AbandonAsync();
    }

    public override Task BreakPeerAsync()
    {
        Server.Kill();
        return Task.CompletedTask;
    }

    public override Task RestorePeerAsync()
    {
        Server.Start();
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }
}
