using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Blobs;

[OptionsValidator]
internal sealed partial class LocalBlobStoreOptionsValidator : IValidateOptions<LocalBlobStoreOptions>;
