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
        services.AddCheckedOptions<SqliteQueueOptions, SqliteQueueOptionsValidator>("SessionReplay:Queue:Sqlite", configure);
        services.AddQueue<SqliteMessageQueue>("session-replay-queue-sqlite");
        return builder;
    }
}
