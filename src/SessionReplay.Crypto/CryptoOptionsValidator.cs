using Microsoft.Extensions.Options;

namespace SessionReplay.Crypto;

[OptionsValidator]
internal sealed partial class CryptoOptionsValidator : IValidateOptions<CryptoOptions>;
