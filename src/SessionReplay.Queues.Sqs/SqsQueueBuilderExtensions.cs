using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.Queues;
using SessionReplay.Queues.Sqs;

namespace SessionReplay;

/// <summary>Registers the queue on Amazon SQS.</summary>
public static class SqsQueueBuilderExtensions
{
    /// <summary>Registers Amazon SQS as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddSqsQueue(this ISessionReplayBuilder builder, Action<SqsQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptionsWithValidateOnStart<SqsQueueOptions, SqsQueueOptionsValidator>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SqsMessageQueue>();
        if (services.Any(service => service.ServiceType == typeof(IMessageQueue) && !service.IsKeyedService))
        {
            return builder;
        }

        services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<SqsMessageQueue>());
        services.TryAddSingleton<IDeadLetterQueue>(provider => provider.GetRequiredService<SqsMessageQueue>());
        services.TryAddSingleton<IQueueMonitor>(provider => provider.GetRequiredService<SqsMessageQueue>());
        services.AddHealthChecks().AddCheck<SqsQueueHealthCheck>("session-replay-queue-sqs", tags: ["session-replay", "ready"]);
        return builder;
    }
}
