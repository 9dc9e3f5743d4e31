using Microsoft.Extensions.Options;

namespace SessionReplay.Pipeline;

/// <summary>Checks the ranges of <see cref="SanitizingOptions"/>.</summary>
[OptionsValidator]
public sealed partial class SanitizingOptionsValidator : IValidateOptions<SanitizingOptions>;
