using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.AzureBlob;

[OptionsValidator]
internal sealed partial class AzureBlobStorageOptionsAttributesValidator : IValidateOptions<AzureBlobStorageOptions>;
