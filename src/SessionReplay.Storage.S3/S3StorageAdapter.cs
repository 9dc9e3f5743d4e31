using Microsoft.Extensions.Configuration;
using SessionReplay;
using SessionReplay.Storage.S3;

[assembly: SessionReplayAdapter(AdapterKind.Storage, "S3", typeof(S3StorageAdapter))]

namespace SessionReplay.Storage.S3;

/// <summary>Adds the S3 blob store when the configuration names it.</summary>
internal sealed class S3StorageAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddS3Storage(section.Path, options => section.Bind(options));
}
