using SessionReplay.Queues;
using SessionReplay.Queues.AzureServiceBus;

namespace SessionReplay;

/// <summary>Registers the queue on Azure Service Bus.</summary>
public static class AzureServiceBusQueueBuilderExtensions
{
    /// <summary>
    /// Registers Service Bus as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>.
    /// </summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddAzureServiceBusQueue(
        this ISessionReplayBuilder builder, Action<AzureServiceBusQueueOptions>? configure = null) =>
        builder.AddAzureServiceBusQueue("SessionReplay:Queue:AzureServiceBus", configure);

    internal static ISessionReplayBuilder AddAzureServiceBusQueue(
        this ISessionReplayBuilder builder, string path, Action<AzureServiceBusQueueOptions>? configure) =>
        builder.AddQueue<ServiceBusMessageQueue, AzureServiceBusQueueOptions, ServiceBusHealthCheck>(
            "AzureServiceBus", new AzureServiceBusQueueOptionsValidator(path), configure);
}
