using System.Text.RegularExpressions;
using SessionReplay.Sanitizing;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>A pattern of the configuration as a rule.</summary>
internal sealed class PatternRule(string name, Regex pattern) : ISanitizingRule
{
    public string Name => name;

    public bool TryFind(ReadOnlySpan<char> text, out int index, out int length)
    {
        foreach (var match in pattern.EnumerateMatches(text))
        {
            if (match.Length > 0)
            {
                (index, length) = (match.Index, match.Length);
                return true;
            }
        }

        (index, length) = (0, 0);
        return false;
    }
}
