using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues;

/// <summary>Registers queues with all that they are.</summary>
internal static class QueueRegistration
{
    /// <summary>Registers a queue that is healthy when it reports its status.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="name">The name of the adapter, for its health check.</param>
    /// <param name="validator">Checks the options.</param>
    /// <param name="configure">Changes the options.</param>
    /// <param name="more">Registers what else belongs to the adapter.</param>
    internal static ISessionReplayBuilder AddQueue<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TQueue,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this ISessionReplayBuilder builder, string name, IValidateOptions<TOptions> validator, Action<TOptions>? configure,
        Action<IServiceCollection>? more = null)
        where TQueue : class, IMessageQueue, IDeadLetterQueue, IQueueMonitor
        where TOptions : class =>
        builder.AddQueue<TQueue, TOptions, QueueHealthCheck<TQueue>>(name, validator, configure, more);

    /// <summary>Registers a queue with its options and its health check.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="name">The name of the adapter, for its health check.</param>
    /// <param name="validator">Checks the options.</param>
    /// <param name="configure">Changes the options.</param>
    /// <param name="more">Registers what else belongs to the adapter.</param>
    internal static ISessionReplayBuilder AddQueue<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TQueue,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THealthCheck>(
        this ISessionReplayBuilder builder, string name, IValidateOptions<TOptions> validator, Action<TOptions>? configure,
        Action<IServiceCollection>? more = null)
        where TQueue : class, IMessageQueue, IDeadLetterQueue, IQueueMonitor
        where TOptions : class
        where THealthCheck : class, IHealthCheck
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.Queue, services =>
        {
            services.AddCheckedOptions(validator, configure);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<TQueue>();
            services.TryAddSingleton<IMessageQueue>(provider => provider.GetRequiredService<TQueue>());
            services.TryAddSingleton<IDeadLetterQueue>(provider => provider.GetRequiredService<TQueue>());
            services.TryAddSingleton<IQueueMonitor>(provider => provider.GetRequiredService<TQueue>());
            services.AddHealthChecks().AddCheck<THealthCheck>(
                $"session-replay-queue-{name.ToLowerInvariant()}", tags: ["session-replay", "ready"]);
            more?.Invoke(services);
        });
    }
}
