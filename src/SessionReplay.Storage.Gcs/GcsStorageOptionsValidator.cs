using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Gcs;

internal sealed class GcsStorageOptionsValidator : IValidateOptions<GcsStorageOptions>
{
    /// <summary>Every part of a resumable upload but the last is a multiple of this (Cloud Storage, "Resumable uploads").</summary>
    private const int PartGranularity = 256 * 1024;

    public ValidateOptionsResult Validate(string? name, GcsStorageOptions options) => new GcsStorageOptionsAttributesValidator().Validate(name, options)
        .With(options.PartBytes % PartGranularity == 0 ? [] : ["GcsStorageOptions.PartBytes must be a multiple of 262144 (256 KiB)."]);
}
