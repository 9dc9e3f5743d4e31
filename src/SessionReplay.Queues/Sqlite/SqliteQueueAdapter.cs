using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues;

[assembly: SessionReplay.SessionReplayAdapter("Queue", "Sqlite", typeof(SqliteQueueAdapter))]

namespace SessionReplay.Queues;

/// <summary>Registers the embedded queue when the configuration names it.</summary>
internal sealed class SqliteQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<SqliteQueueOptions>(section);
        builder.Services.AddOptions<SqliteQueueOptions>().Configure(options => OptionsConversion.Explain(() => section.Bind(options)));
        builder.AddSqliteQueue();
    }
}
