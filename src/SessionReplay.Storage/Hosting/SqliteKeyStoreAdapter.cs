using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.Hosting;

/// <summary>Adds the embedded key store when the configuration names it.</summary>
internal sealed class SqliteKeyStoreAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddSqliteKeyStore(section.Path, options => section.Bind(options));
}
