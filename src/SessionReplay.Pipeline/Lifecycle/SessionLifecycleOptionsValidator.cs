using Microsoft.Extensions.Options;

namespace SessionReplay.Pipeline;

/// <summary>Checks the ranges of <see cref="SessionLifecycleOptions"/>.</summary>
[OptionsValidator]
public sealed partial class SessionLifecycleOptionsValidator : IValidateOptions<SessionLifecycleOptions>;
