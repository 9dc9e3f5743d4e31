namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>A rule of the application failed on a batch, which is refused then: nothing is stored unsanitized.</summary>
public sealed class SanitizingFailedException(string rule, Exception innerException)
    : Exception($"The sanitizing rule '{rule}' failed.", innerException)
{
    /// <summary>Gets the rule's name.</summary>
    public string Rule { get; } = rule;
}
