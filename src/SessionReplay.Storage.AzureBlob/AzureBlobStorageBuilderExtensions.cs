using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionReplay.Storage;
using SessionReplay.Storage.AzureBlob;

namespace SessionReplay;

/// <summary>Adds the Azure blob store.</summary>
public static class AzureBlobStorageBuilderExtensions
{
    /// <summary>Keeps recordings in a container of Azure Blob Storage.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="AzureBlobStorageOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddAzureBlobStorage(this ISessionReplayBuilder builder, Action<AzureBlobStorageOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<AzureBlobStorageOptions, AzureBlobStorageOptionsValidator>("SessionReplay:Storage:AzureBlob", configure);
        services.TryAddSingleton(static provider =>
        {
            var options = provider.GetRequiredService<IOptions<AzureBlobStorageOptions>>();
            return new AzureBlobStore(AzureBlobClientFactory.Create(provider, options.Value), options);
        });
        services.TryAddSingleton<IBlobStore>(static provider => provider.GetRequiredService<AzureBlobStore>());
        services.AddHealthChecks().AddCheck<BlobStoreHealthCheck<AzureBlobStore>>("session-replay-storage-azureblob", tags: ["session-replay", "ready"]);
        return builder;
    }
}
