using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.Hosting;

/// <summary>Adds the local blob store when the configuration names it.</summary>
internal sealed class LocalBlobStoreAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddLocalBlobStore(section.Path, options => section.Bind(options));
}
