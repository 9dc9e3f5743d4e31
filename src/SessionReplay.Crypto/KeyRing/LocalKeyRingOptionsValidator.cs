using Microsoft.Extensions.Options;

namespace SessionReplay.Crypto.KeyRing;

[OptionsValidator]
internal sealed partial class LocalKeyRingOptionsValidator(string path) : IValidateOptions<LocalKeyRingOptions>
{
    ValidateOptionsResult IValidateOptions<LocalKeyRingOptions>.Validate(string? name, LocalKeyRingOptions options) =>
        Validate(name, options).At<LocalKeyRingOptions>(path);
}
