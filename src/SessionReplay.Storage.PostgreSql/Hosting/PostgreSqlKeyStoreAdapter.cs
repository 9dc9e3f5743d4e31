using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.PostgreSql.Hosting;

/// <summary>Adds the key store when the configuration names it.</summary>
internal sealed class PostgreSqlKeyStoreAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddPostgreSqlKeyStore(section.Path, options => section.Bind(options));
}
