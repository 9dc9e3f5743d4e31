using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Gcs;

[OptionsValidator]
internal sealed partial class GcsStorageOptionsValidator(string path) : IValidateOptions<GcsStorageOptions>
{
    /// <summary>Every part of a resumable upload but the last is a multiple of this (Cloud Storage, "Resumable uploads").</summary>
    private const int PartGranularity = 256 * 1024;

    ValidateOptionsResult IValidateOptions<GcsStorageOptions>.Validate(string? name, GcsStorageOptions options) =>
        Validate(name, options).At<GcsStorageOptions>(
            path, options.PartBytes % PartGranularity == 0 ? [] : [$"'{path}:PartBytes' must be a multiple of 262144 (256 KiB)."]);
}
