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
    public static ISessionReplayBuilder AddAzureBlobStorage(
        this ISessionReplayBuilder builder, Action<AzureBlobStorageOptions>? configure = null) =>
        builder.AddAzureBlobStorage("SessionReplay:Storage:AzureBlob", configure);

    internal static ISessionReplayBuilder AddAzureBlobStorage(
        this ISessionReplayBuilder builder, string path, Action<AzureBlobStorageOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.Storage, services =>
        {
            services.AddCheckedOptions(new AzureBlobStorageOptionsValidator(path), configure);
            services.TryAddSingleton(static provider =>
            {
                var options = provider.GetRequiredService<IOptions<AzureBlobStorageOptions>>();
                return new AzureBlobStore(AzureBlobClientFactory.Create(provider, options.Value), options);
            });
            services.TryAddSingleton<IBlobStore>(static provider => provider.GetRequiredService<AzureBlobStore>());
            services.AddHealthChecks()
                .AddCheck<BlobStoreHealthCheck<AzureBlobStore>>("session-replay-storage-azureblob", tags: ["session-replay", "ready"]);
        });
    }
}
