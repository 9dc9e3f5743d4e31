using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Adds the catalog when the configuration names it.</summary>
internal sealed class PostgreSqlCatalogAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<PostgreSqlCatalogOptions>(section);
        builder.AddPostgreSqlCatalog(options => section.Bind(options));
    }
}
