using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.S3;

[OptionsValidator]
internal sealed partial class S3StorageOptionsAttributesValidator : IValidateOptions<S3StorageOptions>;
