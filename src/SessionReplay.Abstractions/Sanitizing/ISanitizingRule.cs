namespace SessionReplay.Sanitizing;

/// <summary>
/// Finds text that must not be stored. Register implementations as services; they run on every string of every event, after the built-in
/// rules. Safe for concurrent use.
/// </summary>
public interface ISanitizingRule
{
    /// <summary>
    /// Gets the rule's name: 1 to 24 characters of <c>a</c>–<c>z</c>, <c>0</c>–<c>9</c> and <c>-</c>. It is written into the marker and
    /// counted under.
    /// </summary>
    string Name { get; }

    /// <summary>Finds the first text to replace.</summary>
    /// <param name="text">A string of an event, or what is left of it.</param>
    /// <param name="index">Where the text begins.</param>
    /// <param name="length">Its length, at least 1.</param>
    /// <returns>Whether there is one. An exception refuses the whole batch with 503: nothing is stored unsanitized.</returns>
    bool TryFind(ReadOnlySpan<char> text, out int index, out int length);
}
