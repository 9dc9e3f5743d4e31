using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.Hosting;

/// <summary>Adds the embedded catalog when the configuration names it.</summary>
internal sealed class SqliteCatalogAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddSqliteCatalog(section.Path, options => section.Bind(options));
}
