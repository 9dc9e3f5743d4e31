using Microsoft.Extensions.Options;

namespace SessionReplay.Crypto.KeyRing;

[OptionsValidator]
internal sealed partial class LocalKeyRingOptionsValidator : IValidateOptions<LocalKeyRingOptions>;
