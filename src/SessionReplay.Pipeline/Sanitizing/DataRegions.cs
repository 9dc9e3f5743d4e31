using System.Buffers;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Finds what is data within a program: tags of markup, headers of multipart forms, and whole lines of headers, forms and labels. And what
/// is a program within data: the content of script elements.
/// </summary>
internal static class DataRegions
{
    private const int MaxTag = 1024;
    private const int MaxTagName = 64;

    // What code has and a line of a form or a header has not. Quotes end what is quoted.
    private static readonly SearchValues<byte> Code = SearchValues.Create("(){}[]`\"'"u8);

    /// <summary>Whether the name at an index of a program, whose sign is before another, is one of data.</summary>
    public static bool Holds(ReadOnlySpan<byte> text, int nameStart, int next) =>
        IsInTag(text, nameStart) || FormText.IsPartHeader(text[..nameStart])
        || (IsAtLineStart(text, nameStart) && IsPlain(text, next) && !Bytes.IsAt(text, next, ' '));

    /// <summary>Whether a line of a header, or a label, goes on without code.</summary>
    public static bool IsPlainLine(ReadOnlySpan<byte> text, int nameStart, int next) =>
        (IsAtLineStart(text, nameStart) || text[nameStart - 1] is (byte)'"' or (byte)'\'') && IsPlain(text, next);

    /// <summary>
    /// Gives the length of what stands before the content of the next script element, and of the content. Without one, the whole.
    /// </summary>
    public static (int Before, int Content) NextScript(ReadOnlySpan<byte> text)
    {
        for (var from = 0; text[from..].IndexOf((byte)'<') is >= 0 and var found;)
        {
            from += found + 1;
            if (!IsScriptAt(text[from..]))
            {
                continue;
            }

            var close = text[from..].IndexOf((byte)'>');
            if (close < 0)
            {
                break;
            }

            var start = from + close + 1;
            var end = start;
            while (text[end..].IndexOf("</"u8) is >= 0 and var tag)
            {
                end += tag;
                if (IsScriptAt(text[(end + 2)..]))
                {
                    return (start, end - start);
                }

                end += 2;
            }

            return (start, text.Length - start);
        }

        return (text.Length, 0);
    }

    private static bool IsScriptAt(ReadOnlySpan<byte> text) =>
        text.Length >= 6 && System.Text.Ascii.EqualsIgnoreCase(text[..6], "script"u8);

    // <name and white space, and no end of the tag yet: a comparison in code has no white space behind what it compares with, or some
    // before.
    private static bool IsInTag(ReadOnlySpan<byte> text, int at)
    {
        var before = text[Math.Max(0, at - MaxTag)..at];
        var open = before.LastIndexOf((byte)'<');
        if (open < 0 || before[open..].Contains((byte)'>'))
        {
            return false;
        }

        var name = before[(open + 1)..];
        var length = name[..Math.Min(name.Length, MaxTagName)].IndexOfAny(" \t\r\n"u8);
        return length > 0 && Bytes.IsLetter(name[0]) && !name[..length].ContainsAny("&|=()+;,.?:"u8);
    }

    private static bool IsAtLineStart(ReadOnlySpan<byte> text, int at) => at == 0 || text[at - 1] is (byte)'\n' or (byte)'\r';

    private static bool IsPlain(ReadOnlySpan<byte> text, int next)
    {
        var length = text[next..].IndexOfAny("\r\n\"'`"u8);
        var line = (length < 0 ? text[next..] : text.Slice(next, length)).Trim((byte)' ');
        return !line.IsEmpty && !line.ContainsAny(Code) && line[^1] is not ((byte)';' or (byte)',') && line.IndexOf("=>"u8) < 0;
    }
}
