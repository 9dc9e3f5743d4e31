using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>What is written over findings, one for each rule: <c>[card]</c>.</summary>
internal sealed class Placeholders(string[] ruleNames)
{
    private const int MaxLength = 26;

    private readonly byte[][] _texts = [.. ruleNames.Select(name => Encoding.ASCII.GetBytes($"[{name}]"))];

    public ReadOnlySpan<byte> this[int rule] => _texts[rule];

    /// <summary>Returns whether a text contains a placeholder.</summary>
    public bool IsIn(ReadOnlySpan<byte> text)
    {
        while (text.IndexOf((byte)'[') is >= 0 and var start)
        {
            text = text[start..];
            if (LengthAt(text) > 0)
            {
                return true;
            }

            text = text[1..];
        }

        return false;
    }

    /// <summary>Returns the length of the placeholder that a text begins with, or 0.</summary>
    public int LengthAt(ReadOnlySpan<byte> text)
    {
        var end = text.IsEmpty || text[0] != '[' ? 0 : text[..Math.Min(text.Length, MaxLength)].IndexOf((byte)']') + 1;
        if (end == 0)
        {
            return 0;
        }

        foreach (var placeholder in _texts)
        {
            if (text[..end].SequenceEqual(placeholder))
            {
                return end;
            }
        }

        return 0;
    }
}
