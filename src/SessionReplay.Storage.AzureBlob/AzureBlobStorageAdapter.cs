using Microsoft.Extensions.Configuration;
using SessionReplay;
using SessionReplay.Storage.AzureBlob;

[assembly: SessionReplayAdapter(AdapterKind.Storage, "AzureBlob", typeof(AzureBlobStorageAdapter))]

namespace SessionReplay.Storage.AzureBlob;

/// <summary>Adds the Azure blob store when the configuration names it.</summary>
internal sealed class AzureBlobStorageAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddAzureBlobStorage(section.Path, options => section.Bind(options));
}
