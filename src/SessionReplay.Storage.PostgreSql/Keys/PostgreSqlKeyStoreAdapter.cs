using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.PostgreSql.Keys;

/// <summary>Adds the key store when the configuration names it.</summary>
internal sealed class PostgreSqlKeyStoreAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<PostgreSqlKeyStoreOptions>(section);
        builder.AddPostgreSqlKeyStore(options => section.Bind(options));
    }
}
