using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        var options = services.AddOptionsWithValidateOnStart<AzureServiceBusQueueOptions, AzureServiceBusQueueOptionsValidator>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceBusMessageQueue>();
        if (services.Any(service => service.ServiceType == typeof(IMessageQueue) && !service.IsKeyedService))
        {
            return builder;
        }

        services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<ServiceBusMessageQueue>());
        services.TryAddSingleton<IDeadLetterQueue>(provider => provider.GetRequiredService<ServiceBusMessageQueue>());
        services.TryAddSingleton<IQueueMonitor>(provider => provider.GetRequiredService<ServiceBusMessageQueue>());
        services.AddHealthChecks().AddCheck<ServiceBusHealthCheck>("session-replay-queue-azureservicebus", tags: ["session-replay", "ready"]);
        return builder;
    }
}
