using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Queues;

/// <summary>Registers a queue as all that it is.</summary>
internal static class QueueRegistration
{
    /// <summary>Registers a queue with its health check, unless one is registered already.</summary>
    /// <param name="services">Takes the registrations.</param>
    /// <param name="healthCheckName">The name of the health check.</param>
    internal static void AddQueue<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TQueue,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THealthCheck>(this IServiceCollection services, string healthCheckName)
        where TQueue : class, IMessageQueue, IDeadLetterQueue, IQueueMonitor
        where THealthCheck : class, IHealthCheck
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TQueue>();
        if (services.Any(service => service.ServiceType == typeof(IMessageQueue) && !service.IsKeyedService))
        {
            return;
        }

        services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<TQueue>());
        services.TryAddSingleton<IDeadLetterQueue>(provider => provider.GetRequiredService<TQueue>());
        services.TryAddSingleton<IQueueMonitor>(provider => provider.GetRequiredService<TQueue>());
        services.AddHealthChecks().AddCheck<THealthCheck>(healthCheckName, tags: ["session-replay", "ready"]);
    }

    /// <summary>Registers a queue that is healthy when it tells how full it is.</summary>
    internal static void AddQueue<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TQueue>(
        this IServiceCollection services, string healthCheckName)
        where TQueue : class, IMessageQueue, IDeadLetterQueue, IQueueMonitor =>
        services.AddQueue<TQueue, QueueHealthCheck<TQueue>>(healthCheckName);
}
