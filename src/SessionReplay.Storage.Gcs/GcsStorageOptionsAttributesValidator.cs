using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Gcs;

[OptionsValidator]
internal sealed partial class GcsStorageOptionsAttributesValidator : IValidateOptions<GcsStorageOptions>;
