using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.PostgreSql.Hosting;

/// <summary>Adds the catalog when the configuration names it.</summary>
internal sealed class PostgreSqlCatalogAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddPostgreSqlCatalog(section.Path, options => section.Bind(options));
}
