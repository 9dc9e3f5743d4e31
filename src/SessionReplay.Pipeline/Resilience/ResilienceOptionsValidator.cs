using Microsoft.Extensions.Options;

namespace SessionReplay.Pipeline;

/// <summary>Checks the ranges of <see cref="ResilienceOptions"/>.</summary>
[OptionsValidator]
public sealed partial class ResilienceOptionsValidator : IValidateOptions<ResilienceOptions>;
