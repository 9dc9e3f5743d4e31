using Google.Cloud.Storage.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionReplay.Storage;
using SessionReplay.Storage.Gcs;

namespace SessionReplay;

/// <summary>Adds the Google Cloud Storage blob store.</summary>
public static class GcsStorageBuilderExtensions
{
    /// <summary>Keeps recordings in a bucket of Google Cloud Storage.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="GcsStorageOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddGcsStorage(this ISessionReplayBuilder builder, Action<GcsStorageOptions>? configure = null) =>
        builder.AddGcsStorage("SessionReplay:Storage:Gcs", configure);

    internal static ISessionReplayBuilder AddGcsStorage(
        this ISessionReplayBuilder builder, string path, Action<GcsStorageOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.Storage, services =>
        {
            services.AddCheckedOptions(new GcsStorageOptionsValidator(path), configure);
            services.TryAddSingleton(static provider =>
            {
                var options = provider.GetRequiredService<IOptions<GcsStorageOptions>>().Value;
                return new GcsBlobStore(
                    options.ServiceKey is { } key ? provider.GetClient<StorageClient>(key) : GcsClientFactory.Create(options), options);
            });
            services.TryAddSingleton<IBlobStore>(static provider => provider.GetRequiredService<GcsBlobStore>());
            services.AddHealthChecks()
                .AddCheck<BlobStoreHealthCheck<GcsBlobStore>>("session-replay-storage-gcs", tags: ["session-replay", "ready"]);
        });
    }
}
