using System.Buffers;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Finds keys by the character that ends their prefix. These characters are frequent, but what is before them is looked up and not
/// searched.
/// </summary>
internal static class KeyEndings
{
    private const int MinPart = 16;

    // An underscore is found with the other characters that rules look for.
    private static readonly SearchValues<byte> Ends = SearchValues.Create("-.~"u8);

    /// <summary>Returns whether a batch may hold anything that <see cref="Redact"/> finds.</summary>
    public static bool MayHold(ReadOnlySpan<byte> batch)
    {
        for (var from = 0; batch[from..].IndexOfAny(Ends) is >= 0 and var found; from += found + 1)
        {
            if (MayEndAt(batch, from + found))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Redacts what a text holds, but for prefixes that end with an underscore.</summary>
    public static void Redact(Span<byte> text, SanitizePass pass)
    {
        for (var from = 0; text[from..].IndexOfAny(Ends) is >= 0 and var found;)
        {
            from = RedactAt(text, from + found, pass);
        }
    }

    /// <summary>Redacts the key whose prefix ends with the underscore, hyphen, full stop or tilde at an index.</summary>
    /// <returns>Where to go on.</returns>
    public static int RedactAt(Span<byte> text, int end, SanitizePass pass)
    {
        var (start, length) = MatchAt(text, end);
        if (length == 0)
        {
            return end + 1;
        }

        pass.Redact(text.Slice(start, length), BuiltInRule.ApiKey);
        return start + length;
    }

    // Whether a prefix ends at an index. What is behind it and before it does not count: it may be redacted first.
    private static bool MayEndAt(ReadOnlySpan<byte> text, int end)
    {
        foreach (var format in SecretFormats.EndingAt(text, end))
        {
            if (text[..(end + 1)].EndsWith(format.Prefix))
            {
                return true;
            }
        }

        return text[end] switch
        {
            (byte)'~' => Bytes.IsAt(text, end - 1, 'Q'),
            (byte)'.' => Bytes.IsAt(text, end - 1, 'G') && Bytes.IsAt(text, end - 2, 'S'),
            _ => text[end..].StartsWith("-us"u8) && Bytes.IsDigitAt(text, end + 3),
        };
    }

    // The key whose prefix ends at an index; its length is 0 where there is none.
    private static (int Start, int Length) MatchAt(ReadOnlySpan<byte> text, int end)
    {
        if (text[end] == '~')
        {
            return MatchEntra(text, end - 1);
        }

        foreach (var format in SecretFormats.EndingAt(text, end))
        {
            var start = end + 1 - format.Prefix.Length;
            if (start >= 0 && format.MatchLength(text, start) is > 0 and var length)
            {
                return (start, length);
            }
        }

        return text[end] switch
        {
            (byte)'.' => MatchSendGrid(text, end - 2),
            (byte)'-' => MatchMailchimp(text, end),
            _ => default,
        };
    }

    private static (int Start, int Length) MatchSendGrid(ReadOnlySpan<byte> text, int start)
    {
        var first = start >= 0 && text[start..].StartsWith("SG."u8) && Bytes.IsWordStart(text, start)
            ? Bytes.Run(text, start + 3, Bytes.KeyBody)
            : 0;
        var dot = start + 3 + first;
        var second = first >= MinPart && Bytes.IsAt(text, dot, '.') ? Bytes.Run(text, dot + 1, Bytes.KeyBody) : 0;
        return second < MinPart ? default : (start, dot + 1 + second - start);
    }

    // The client secret of Microsoft Entra: three characters, a digit, Q~, 31 to 34 characters.
    private static (int Start, int Length) MatchEntra(ReadOnlySpan<byte> text, int at)
    {
        var body = at >= 4 && Bytes.IsDigit(text[at - 1]) && text[at] == 'Q' ? Bytes.Run(text, at + 2, Bytes.TokenBody) : 0;
        return body < 31 ? default : (at - 4, body + 6);
    }

    // 32 hex digits, then the data centre: -us12.
    private static (int Start, int Length) MatchMailchimp(ReadOnlySpan<byte> text, int at)
    {
        if (at < 32 || !text[at..].StartsWith("-us"u8) || !Bytes.IsDigitAt(text, at + 3)
            || text.Slice(at - 32, 32).IndexOfAnyExcept("0123456789abcdef"u8) >= 0 || !Bytes.IsWordStart(text, at - 32))
        {
            return default;
        }

        return (at - 32, 32 + 3 + Math.Min(2, Bytes.Run(text, at + 3, Bytes.AlphaNumeric)));
    }
}
