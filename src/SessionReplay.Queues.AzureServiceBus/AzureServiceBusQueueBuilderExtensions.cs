using SessionReplay.Queues;
using SessionReplay.Queues.AzureServiceBus;

namespace SessionReplay;

/// <summary>Registers the queue on Azure Service Bus.</summary>
public static class AzureServiceBusQueueBuilderExtensions
{
    /// <summary>Registers Service Bus as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddAzureServiceBusQueue(this ISessionReplayBuilder builder, Action<AzureServiceBusQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<AzureServiceBusQueueOptions, AzureServiceBusQueueOptionsValidator>("SessionReplay:Queue:AzureServiceBus", configure);
        services.AddQueue<ServiceBusMessageQueue, ServiceBusHealthCheck>("session-replay-queue-azureservicebus");
        return builder;
    }
}
