using Microsoft.Extensions.Options;

namespace SessionReplay.Crypto;

[OptionsValidator]
internal sealed partial class CryptoOptionsValidator(string path) : IValidateOptions<CryptoOptions>
{
    ValidateOptionsResult IValidateOptions<CryptoOptions>.Validate(string? name, CryptoOptions options) =>
        Validate(name, options).At<CryptoOptions>(path);
}
