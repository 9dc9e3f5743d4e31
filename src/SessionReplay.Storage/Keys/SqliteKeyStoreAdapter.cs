using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.Keys;

/// <summary>Adds the embedded key store when the configuration names it.</summary>
internal sealed class SqliteKeyStoreAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<SqliteKeyStoreOptions>(section);
        builder.AddSqliteKeyStore(options => section.Bind(options));
    }
}
