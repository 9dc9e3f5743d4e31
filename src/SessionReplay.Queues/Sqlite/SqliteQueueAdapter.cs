using Microsoft.Extensions.Configuration;
using SessionReplay.Queues;

[assembly: SessionReplay.SessionReplayAdapter(SessionReplay.AdapterKind.Queue, "Sqlite", typeof(SqliteQueueAdapter))]

namespace SessionReplay.Queues;

/// <summary>Registers the embedded queue when the configuration names it.</summary>
internal sealed class SqliteQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddSqliteQueue(section.Path, options => section.Bind(options));
}
