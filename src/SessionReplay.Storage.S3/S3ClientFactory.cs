using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace SessionReplay.Storage.S3;

/// <summary>Turns options into the SDK's client.</summary>
internal static class S3ClientFactory
{
    public static IAmazonS3 Create(S3StorageOptions options)
    {
        var config = CreateConfig(options);
        return options.AccessKey is { Length: > 0 } accessKey
            ? new AmazonS3Client(new BasicAWSCredentials(accessKey, options.SecretKey), config)
            : new AmazonS3Client(config);
    }

    public static AmazonS3Config CreateConfig(S3StorageOptions options)
    {
        var config = new AmazonS3Config
        {
            // The SDK's newer default sends trailing checksums that Ceph, s3rver and others refuse; our chunks carry their own tags.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            ForcePathStyle = options.ForcePathStyle ?? options.Preset is S3Preset.MinIO or S3Preset.Ceph,
            // Retries with back-off are the application's own policy; the SDK adds none of its own to it.
            MaxErrorRetry = 0,
            HttpClientFactory = new ImmediateBodyClientFactory(),
        };

        if (ServiceUrl(options) is { } url)
        {
            config.ServiceURL = url;
            config.AuthenticationRegion = options.Preset == S3Preset.CloudflareR2 ? "auto" : options.Region ?? "us-east-1";
        }
        else if (options.Region is { Length: > 0 } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }

    private static string? ServiceUrl(S3StorageOptions options) => (options.Preset, options.ServiceUrl) switch
    {
        (_, { Length: > 0 } url) => url,
        (S3Preset.DigitalOceanSpaces, _) => $"https://{options.Region}.digitaloceanspaces.com",
        (S3Preset.CloudflareR2, _) => $"https://{options.AccountId}.r2.cloudflarestorage.com",
        _ => null,
    };
}
