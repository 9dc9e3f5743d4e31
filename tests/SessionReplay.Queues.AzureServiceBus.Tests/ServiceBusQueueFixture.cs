using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
        var process = Start(Server, Options(queue, settings));
        return Task.FromResult(new QueueClient(process.Queue, process.Queue, process.Queue, () => EndAsync(process)));
    }

    public override Task<HoldingProcess> HoldAsync(string queue, QueueSettings settings, int count)
    {
        var options = Options(queue, settings);
        options.ConnectionString = Server.ConnectionString;
        options.AdministrationConnectionString = Server.AdministrationConnectionString;
        return HoldingProcess.StartAsync(typeof(Program).Assembly, options, count);
    }

    /// <summary>Makes a queue on clients of an application, without which it can do nothing more.</summary>
    internal static (ServiceBusMessageQueue Queue, ServiceBusClient Client) Start(
        ServiceBusServer server, AzureServiceBusQueueOptions options)
    {
        options.ServiceKey = "";
        var client = new ServiceBusClient(server.ConnectionString, ServiceBusClients.CreateClientOptions(options));
        var services = new ServiceCollection()
            .AddSingleton(client)
            .AddSingleton(new ServiceBusAdministrationClient(server.AdministrationConnectionString))
            .BuildServiceProvider();
        return (Create(options, services), client);
    }

    /// <summary>Crashes a process. To the service that is the end of its links, with nothing given back: the locks run out.</summary>
    internal static async Task CrashAsync((ServiceBusMessageQueue Queue, ServiceBusClient Client) process)
    {
        await process.Client.DisposeAsync();
        await process.Queue.DisposeAsync();
    }

    internal static ServiceBusMessageQueue Create(
        AzureServiceBusQueueOptions options, IServiceProvider? services = null, ILogger<ServiceBusMessageQueue>? logger = null) => new(
        Microsoft.Extensions.Options.Options.Create(options),
        services ?? new ServiceCollection().BuildServiceProvider(),
        TimeProvider.System,
        logger ?? NullLogger<ServiceBusMessageQueue>.Instance);

    public override void Register(ISessionReplayBuilder builder, string queue)
    {
        _ = Server.Queue(queue);
        builder.AddAzureServiceBusQueue(options =>
            (options.ConnectionString, options.AdministrationConnectionString,
            options.QueueName) = (Server.ConnectionString, Server.AdministrationConnectionString, queue));
    }

    public override void RegisterUnreachable(ISessionReplayBuilder builder) => builder.AddAzureServiceBusQueue(options =>
        options.ConnectionString =
            $"Endpoint=sb://127.0.0.1:{FreePort.Next()};SharedAccessKeyName=name;SharedAccessKey={Secret};UseDevelopmentEmulator=true");

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

    private AzureServiceBusQueueOptions Options(string queue, QueueSettings settings)
    {
        Server.Queue(queue).LockDuration = settings.LeaseTime;
        return new AzureServiceBusQueueOptions
        {
            QueueName = queue,
            LockRenewalInterval = settings.LeaseTime / 4,
            MaxAttempts = settings.MaxAttempts,
            FirstRetryDelay = settings.FirstRetryDelay,
            MaxRetryDelay = settings.MaxRetryDelay,
        };
    }

    private static async ValueTask EndAsync((ServiceBusMessageQueue Queue, ServiceBusClient Client) process)
    {
        await process.Queue.DisposeAsync();
        await process.Client.DisposeAsync();
    }
}
