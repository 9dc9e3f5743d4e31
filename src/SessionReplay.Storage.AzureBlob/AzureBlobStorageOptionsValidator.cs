using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.AzureBlob;

[OptionsValidator]
internal sealed partial class AzureBlobStorageOptionsValidator : IValidateOptions<AzureBlobStorageOptions>;
