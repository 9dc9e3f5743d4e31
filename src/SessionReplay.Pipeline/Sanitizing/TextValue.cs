using System.Buffers;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Finds where values end in text, and redacts them.</summary>
internal static class TextValue
{
    private static readonly SearchValues<byte> Ends = SearchValues.Create("&;# \t\r\n\"'<>,)}]\\"u8);
    private static readonly SearchValues<byte> ParameterEnds = SearchValues.Create("&;# \t\r\n\"'<>\\"u8);
    private static readonly SearchValues<byte> EncodedEnds = SearchValues.Create("%&;# \t\r\n\"'<>,)}]\\"u8);

    /// <summary>The end of a value without quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the value begins.</param>
    /// <param name="isParameter">Whether it is a parameter of a URL or a form, which may hold brackets and commas.</param>
    public static int End(ReadOnlySpan<byte> text, int start, bool isParameter)
    {
        start += MarkLength(text, start);
        var length = text[start..].IndexOfAny(isParameter ? ParameterEnds : Ends);
        return length < 0 ? text.Length : start + length;
    }

    /// <summary>The end of a value in a percent-encoded text, where the percent form of a character ends it.</summary>
    public static int EncodedEnd(ReadOnlySpan<byte> text, int start, char end)
    {
        // Goes no further than to the end that it finds: to look for each end by itself would read the rest of the text for every value in
        // it.
        start += MarkLength(text, start);
        while (text[start..].IndexOfAny(EncodedEnds) is >= 0 and var found)
        {
            start += found;
            if (text[start] != '%' || Bytes.Percent(text, start, out _) == end)
            {
                return start;
            }

            start++;
        }

        return text.Length;
    }

    /// <summary>The end of a quoted value, which is the index of the closing quote or the end of the text.</summary>
    public static int QuotedEnd(ReadOnlySpan<byte> text, int quote)
    {
        var end = quote + 1;
        while (end < text.Length && text[end] != text[quote])
        {
            end += text[end] == '\\' && end + 1 < text.Length ? 2 : 1;
        }

        return Math.Min(end, text.Length);
    }

    /// <summary>Redacts a value unless it is one of the words that stand for no value.</summary>
    public static void Redact(Span<byte> value, SanitizePass pass)
    {
        if (!value.IsEmpty && !IsTrivial(value))
        {
            pass.Redact(value, BuiltInRule.Field);
        }
    }

    /// <summary>Whether a literal of a program looks like a secret and not like a word.</summary>
    public static bool LooksRandom(ReadOnlySpan<byte> value)
    {
        var (digits, letters) = (0, 0);
        foreach (var b in value)
        {
            digits += Bytes.IsDigit(b) ? 1 : 0;
            letters += Bytes.IsLetter(b) ? 1 : 0;
            if (b <= ' ' || b is (byte)'.' or (byte)'(' or (byte)'$')
            {
                return false;
            }
        }

        return value.Length >= 6 && digits > 0 && letters > 0;
    }

    /// <summary>Whether a value is the name of a type, a state or nothing.</summary>
    public static bool IsTrivial(ReadOnlySpan<byte> value)
    {
        Span<byte> lower = stackalloc byte[12];
        if (value.Length > lower.Length)
        {
            return false;
        }

        for (var i = 0; i < value.Length; i++)
        {
            lower[i] = Bytes.IsUpper(value[i]) ? (byte)(value[i] | 0x20) : value[i];
        }

        ReadOnlySpan<byte> word = lower[..value.Length];
        return word.Length switch
        {
            2 => word.SequenceEqual("no"u8) || word.SequenceEqual("on"u8),
            3 => word.SequenceEqual("yes"u8) || word.SequenceEqual("off"u8) || word.SequenceEqual("any"u8),
            4 => word.SequenceEqual("true"u8) || word.SequenceEqual("null"u8) || word.SequenceEqual("none"u8),
            5 => word.SequenceEqual("false"u8),
            6 => word.SequenceEqual("string"u8) || word.SequenceEqual("number"u8),
            7 => word.SequenceEqual("expired"u8) || word.SequenceEqual("invalid"u8) || word.SequenceEqual("missing"u8)
            || word.SequenceEqual("boolean"u8),
            8 => word.SequenceEqual("required"u8) || word.SequenceEqual("optional"u8),
            9 => word.SequenceEqual("incorrect"u8) || word.SequenceEqual("undefined"u8),
            _ => false,
        };
    }

    // A marker of an earlier run, such as [field], whose bracket would end the value.
    private static int MarkLength(ReadOnlySpan<byte> text, int start)
    {
        if (!Bytes.IsAt(text, start, '['))
        {
            return 0;
        }

        var length = text[start..Math.Min(text.Length, start + 26)].IndexOf((byte)']');
        return length < 0 || text.Slice(start + 1, length - 1).ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-"u8)
            ? 0
            : length + 1;
    }
}
