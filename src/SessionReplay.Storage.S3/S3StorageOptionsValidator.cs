using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.S3;

/// <summary>Refuses at the start what the chosen preset and credentials lack.</summary>
internal sealed class S3StorageOptionsValidator : IValidateOptions<S3StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, S3StorageOptions options) =>
        new S3StorageOptionsAttributesValidator().Validate(name, options).With(options.ServiceKey is null ? Check(options) : []);

    private static IEnumerable<string> Check(S3StorageOptions options)
    {
        var hasUrl = !string.IsNullOrEmpty(options.ServiceUrl);
        (string Name, bool IsMissing)[] needs =
        [
            (nameof(options.Region), !hasUrl && options.Preset == S3Preset.DigitalOceanSpaces && string.IsNullOrEmpty(options.Region)),
            (nameof(options.AccountId), !hasUrl && options.Preset == S3Preset.CloudflareR2 && string.IsNullOrEmpty(options.AccountId)),
            (nameof(options.ServiceUrl), !hasUrl && options.Preset is (S3Preset.MinIO or S3Preset.Ceph)),
            (nameof(options.AccessKey), string.IsNullOrEmpty(options.AccessKey) && !string.IsNullOrEmpty(options.SecretKey)),
            (nameof(options.SecretKey), string.IsNullOrEmpty(options.SecretKey) && !string.IsNullOrEmpty(options.AccessKey)),
        ];
        return needs.Where(need => need.IsMissing).Select(need => $"S3StorageOptions.{need.Name} is missing: the chosen preset and credentials need it.");
    }
}
