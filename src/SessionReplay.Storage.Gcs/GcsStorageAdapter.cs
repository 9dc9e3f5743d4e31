using Microsoft.Extensions.Configuration;
using SessionReplay;
using SessionReplay.Storage.Gcs;

[assembly: SessionReplayAdapter(AdapterKind.Storage, "Gcs", typeof(GcsStorageAdapter))]

namespace SessionReplay.Storage.Gcs;

/// <summary>Adds the Google Cloud Storage blob store when the configuration names it.</summary>
internal sealed class GcsStorageAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddGcsStorage(section.Path, options => section.Bind(options));
}
