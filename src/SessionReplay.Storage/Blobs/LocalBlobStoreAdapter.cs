using Microsoft.Extensions.Configuration;

namespace SessionReplay.Storage.Blobs;

/// <summary>Adds the local blob store when the configuration names it.</summary>
internal sealed class LocalBlobStoreAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<LocalBlobStoreOptions>(section);
        builder.AddLocalBlobStore(options => section.Bind(options));
    }
}
