using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.Queues;

namespace SessionReplay;

/// <summary>Registers the embedded queue.</summary>
public static class SqliteQueueBuilderExtensions
{
    /// <summary>Registers the embedded queue as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddSqliteQueue(this ISessionReplayBuilder builder, Action<SqliteQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var options = services.AddOptionsWithValidateOnStart<SqliteQueueOptions, SqliteQueueOptionsValidator>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SqliteMessageQueue>();
        if (services.Any(service => service.ServiceType == typeof(IMessageQueue) && !service.IsKeyedService))
        {
            return builder;
        }

        services.AddSingleton<IMessageQueue>(provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.TryAddSingleton<IDeadLetterQueue>(provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.TryAddSingleton<IQueueMonitor>(provider => provider.GetRequiredService<SqliteMessageQueue>());
        services.AddHealthChecks().AddCheck<SqliteQueueHealthCheck>("session-replay-queue-sqlite", tags: ["session-replay", "ready"]);
        return builder;
    }
}
