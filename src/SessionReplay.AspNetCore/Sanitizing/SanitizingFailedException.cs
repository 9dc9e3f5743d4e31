namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>A rule of the application failed on a batch, which is refused then: nothing is stored unsanitized.</summary>
internal sealed class SanitizingFailedException(string rule, Exception innerException)
    : Exception($"The sanitizing rule '{rule}' failed.", innerException)
{
    public string Rule { get; } = rule;
}
