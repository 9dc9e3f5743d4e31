using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Gcs;

internal sealed class GcsStorageOptionsValidator : IValidateOptions<GcsStorageOptions>
{
    /// <summary>Every part of a resumable upload but the last is a multiple of this (Cloud Storage, "Resumable uploads").</summary>
    private const int PartGranularity = 256 * 1024;

    public ValidateOptionsResult Validate(string? name, GcsStorageOptions options)
    {
        var result = new GcsStorageOptionsAttributesValidator().Validate(name, options);
        return !result.Failed && options.PartSize % PartGranularity != 0
            ? ValidateOptionsResult.Fail("SessionReplay:Storage:Gcs:PartSize must be a multiple of 262144 (256 KiB).")
            : result;
    }
}
