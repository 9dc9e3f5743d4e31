using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.Catalog;

/// <summary>Adds the embedded catalog when the configuration names it.</summary>
internal sealed class SqliteCatalogAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<SqliteCatalogOptions>(section);
        builder.AddSqliteCatalog(options => section.Bind(options));
    }
}
