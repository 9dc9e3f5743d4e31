using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues;
using SessionReplay.Versions;

namespace SessionReplay;

/// <summary>Registers the embedded queue.</summary>
public static class SqliteQueueBuilderExtensions
{
    /// <summary>
    /// Registers the embedded queue as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>.
    /// </summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddSqliteQueue(this ISessionReplayBuilder builder, Action<SqliteQueueOptions>? configure = null) =>
        builder.AddSqliteQueue("SessionReplay:Queue:Sqlite", configure);

    internal static ISessionReplayBuilder AddSqliteQueue(
        this ISessionReplayBuilder builder, string path, Action<SqliteQueueOptions>? configure) =>
        builder.AddQueue<SqliteMessageQueue, SqliteQueueOptions>(
            "Sqlite", new SqliteQueueOptionsValidator(path), configure,
            static services => services.AddVersionCheck(
                static provider => provider.GetRequiredService<SqliteMessageQueue>().CheckVersionAsync));
}
