using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.Queues;
using SessionReplay.Queues.Nats;

namespace SessionReplay;

/// <summary>Registers the queue on NATS JetStream.</summary>
public static class NatsQueueBuilderExtensions
{
    /// <summary>Registers NATS JetStream as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddNatsQueue(this ISessionReplayBuilder builder, Action<NatsQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptionsWithValidateOnStart<NatsQueueOptions, NatsQueueOptionsValidator>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<NatsMessageQueue>();
        if (services.Any(service => service.ServiceType == typeof(IMessageQueue) && !service.IsKeyedService))
        {
            return builder;
        }

        services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<NatsMessageQueue>());
        services.TryAddSingleton<IDeadLetterQueue>(provider => provider.GetRequiredService<NatsMessageQueue>());
        services.TryAddSingleton<IQueueMonitor>(provider => provider.GetRequiredService<NatsMessageQueue>());
        services.AddHealthChecks().AddCheck<NatsQueueHealthCheck>("session-replay-queue-nats", tags: ["session-replay", "ready"]);
        return builder;
    }
}
