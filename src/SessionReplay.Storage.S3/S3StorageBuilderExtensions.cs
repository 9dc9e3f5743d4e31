using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionReplay.Storage;
using SessionReplay.Storage.S3;

namespace SessionReplay;

/// <summary>Adds the S3 blob store.</summary>
public static class S3StorageBuilderExtensions
{
    /// <summary>Keeps recordings in a bucket of Amazon S3 or of a service that speaks it.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="S3StorageOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddS3Storage(this ISessionReplayBuilder builder, Action<S3StorageOptions>? configure = null) =>
        builder.AddS3Storage("SessionReplay:Storage:S3", configure);

    internal static ISessionReplayBuilder AddS3Storage(
        this ISessionReplayBuilder builder, string path, Action<S3StorageOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.Storage, services =>
        {
            services.AddCheckedOptions(new S3StorageOptionsValidator(path), configure);
            services.TryAddSingleton(static provider =>
            {
                var options = provider.GetRequiredService<IOptions<S3StorageOptions>>();
                return new S3BlobStore(
                    options.Value.ServiceKey is { } key ? provider.GetClient<IAmazonS3>(key) : S3ClientFactory.Create(options.Value),
                    options);
            });
            services.TryAddSingleton<IBlobStore>(static provider => provider.GetRequiredService<S3BlobStore>());
            services.AddHealthChecks()
                .AddCheck<BlobStoreHealthCheck<S3BlobStore>>("session-replay-storage-s3", tags: ["session-replay", "ready"]);
        });
    }
}
