using Microsoft.Extensions.Options;

namespace SessionReplay;

/// <summary>Checks options with the validator of their class; every error names the path in the configuration.</summary>
internal sealed class PathValidator<TOptions, TValidator>(OptionsPath<TOptions> path) : IValidateOptions<TOptions>
    where TOptions : class
    where TValidator : IValidateOptions<TOptions>, new()
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var result = new TValidator().Validate(name, options);
        return result.Failures is { } failures
            ? ValidateOptionsResult.Fail(failures.Select(failure => OptionsFailure.WithPath(failure, typeof(TOptions).Name, path.Value)))
            : result;
    }
}
