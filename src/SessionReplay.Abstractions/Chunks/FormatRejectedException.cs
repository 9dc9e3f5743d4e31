namespace SessionReplay;

/// <summary>The exception thrown when bytes break a rule of the format; nothing of them was used.</summary>
public sealed class FormatRejectedException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="FormatRejectedException"/> class.</summary>
    /// <param name="rule">The rule's name in docs/format/v1.md, for instance <c>C6</c>.</param>
    /// <param name="message">What was wrong, without any of the content.</param>
    public FormatRejectedException(string rule, string message)
        : base($"{message} (rule {rule})") => Rule = rule;

    /// <summary>Gets the rule's name in docs/format/v1.md, for instance <c>C6</c>.</summary>
    public string Rule { get; }
}
