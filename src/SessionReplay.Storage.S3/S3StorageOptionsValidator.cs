using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.S3;

/// <summary>Refuses at the start what the chosen preset and credentials lack.</summary>
[OptionsValidator]
internal sealed partial class S3StorageOptionsValidator(string path) : IValidateOptions<S3StorageOptions>
{
    ValidateOptionsResult IValidateOptions<S3StorageOptions>.Validate(string? name, S3StorageOptions options) =>
        Validate(name, options).At<S3StorageOptions>(path, options.ServiceKey is null ? Check(options) : []);

    private IEnumerable<string> Check(S3StorageOptions options)
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
        return needs.Where(need => need.IsMissing)
            .Select(need => $"'{path}:{need.Name}' is missing: the chosen preset and credentials need it.");
    }
}
