using Microsoft.Extensions.Options;

namespace SessionReplay.Pipeline;

/// <summary>Checks the ranges of <see cref="WorkerOptions"/>.</summary>
[OptionsValidator]
public sealed partial class WorkerOptionsValidator : IValidateOptions<WorkerOptions>;
