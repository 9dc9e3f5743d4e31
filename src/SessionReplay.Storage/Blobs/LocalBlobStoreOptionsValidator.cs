using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Blobs;

[OptionsValidator]
internal sealed partial class LocalBlobStoreOptionsValidator(string path) : IValidateOptions<LocalBlobStoreOptions>
{
    ValidateOptionsResult IValidateOptions<LocalBlobStoreOptions>.Validate(string? name, LocalBlobStoreOptions options) =>
        Validate(name, options).At<LocalBlobStoreOptions>(path);
}
