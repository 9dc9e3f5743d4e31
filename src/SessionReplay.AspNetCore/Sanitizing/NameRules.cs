using System.Buffers;

namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Finds values by the names before them in text: <c>name=value</c>, <c>"name":"value"</c>, <c>Header: value</c>, and passwords in URLs.</summary>
internal static class NameRules
{
    private const int MaxName = 64;
    private const int MaxUserInfo = 256;

    private static readonly SearchValues<byte> ValueEnds = SearchValues.Create("&;# \t\r\n\"'<>,)}]\\"u8);
    private static readonly SearchValues<byte> EncodedValueEnds = SearchValues.Create("%&;# \t\r\n\"'<>,)}]\\"u8);
    private static readonly SearchValues<byte> AuthorityEnds = SearchValues.Create("@/?# \t\r\n\"'<>"u8);

    /// <summary>Deals with the equals sign, or its percent form, at a place.</summary>
    /// <returns>Where to go on.</returns>
    public static int RedactAssignment(Span<byte> text, int sign, int length, SanitizePass pass)
    {
        var next = sign + length;
        var nameEnd = sign > 0 && text[sign - 1] == ' ' ? sign - 1 : sign;
        if (!pass.IsSensitiveName(NameBefore(text, nameEnd)))
        {
            return next;
        }

        var start = length == 1 && next < text.Length && text[next] == ' ' ? next + 1 : next;
        if (start < text.Length && text[start] is (byte)'"' or (byte)'\'')
        {
            return RedactQuoted(text, start, pass);
        }

        var end = EndOfValue(text, start, length == 3 ? '&' : -1);
        pass.Redact(text[start..end], BuiltInRule.Field);
        return end;
    }

    /// <summary>Deals with the colon at a place.</summary>
    public static int RedactColon(Span<byte> text, int colon, SanitizePass pass)
    {
        if (colon == 0)
        {
            return 1;
        }

        if (text[(colon + 1)..].StartsWith("//"u8))
        {
            return RedactUserInfo(text, colon + 3, pass);
        }

        var before = text[colon - 1] == ' ' && colon > 1 ? colon - 1 : colon;
        if (text[before - 1] is (byte)'"' or (byte)'\'')
        {
            // The quotes may be escaped: JSON within JSON.
            var escaped = before > 1 && text[before - 2] == '\\';
            return pass.IsSensitiveName(NameBefore(text, before - (escaped ? 2 : 1))) ? RedactMember(text, colon + 1, pass) : colon + 1;
        }

        return pass.IsHeaderName(NameBefore(text, before)) ? RedactHeaderLine(text, colon + 1, pass) : colon + 1;
    }

    /// <summary>Deals with the percent form of a colon at a place: JSON in a URL.</summary>
    public static int RedactEncodedColon(Span<byte> text, int colon, SanitizePass pass)
    {
        var next = colon + 3;
        if (colon < 3 || Bytes.Percent(text, colon - 3) != '"' || !pass.IsSensitiveName(NameBefore(text, colon - 3)))
        {
            return next;
        }

        var start = Bytes.Percent(text, next) == '"' ? next + 3 : next;
        var end = EndOfValue(text, start, '"');
        pass.Redact(text[start..end], BuiltInRule.Field);
        return end;
    }

    // Goes no further than to the end it finds: whoever looked for each end on its own would go over the rest of a text for every value in it.
    private static int EndOfValue(ReadOnlySpan<byte> text, int start, int encodedEnd)
    {
        var ends = encodedEnd < 0 ? ValueEnds : EncodedValueEnds;
        while (text[start..].IndexOfAny(ends) is >= 0 and var found)
        {
            start += found;
            if (text[start] != '%' || Bytes.Percent(text, start) == encodedEnd)
            {
                return start;
            }

            start++;
        }

        return text.Length;
    }

    private static ReadOnlySpan<byte> NameBefore(ReadOnlySpan<byte> text, int end)
    {
        // user[password] and user%5Bpassword%5D name the member.
        if (end > 0 && text[end - 1] == ']')
        {
            end--;
        }
        else if (end >= 3 && Bytes.Percent(text, end - 3) == ']')
        {
            end -= 3;
        }

        var start = end;
        while (start > 0 && end - start <= MaxName && (Bytes.IsAlphaNumeric(text[start - 1]) || text[start - 1] is (byte)'-' or (byte)'_'))
        {
            start--;
        }

        var percent = start > 0 && text[start - 1] == '%' && end - start > 2 ? 2 : 0;
        return text[(start + percent)..end];
    }

    private static int RedactQuoted(Span<byte> text, int quote, SanitizePass pass)
    {
        var end = quote + 1;
        while (end < text.Length && text[end] != text[quote])
        {
            end += text[end] == '\\' && end + 1 < text.Length ? 2 : 1;
        }

        pass.Redact(text[(quote + 1)..end], BuiltInRule.Field);
        return end;
    }

    private static int RedactMember(Span<byte> text, int start, SanitizePass pass)
    {
        while (start < text.Length && text[start] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            start++;
        }

        if (start + 1 < text.Length && text[start] == '\\' && text[start + 1] == '"')
        {
            var length = text[(start + 2)..].IndexOf("\\\""u8);
            var end = length < 0 ? text.Length : start + 2 + length;
            pass.Redact(text[(start + 2)..end], BuiltInRule.Field);
            return end;
        }

        if (start < text.Length && text[start] is (byte)'"' or (byte)'\'')
        {
            return RedactQuoted(text, start, pass);
        }

        if (Bytes.IsDigitAt(text, start) || (start < text.Length && text[start] == '-'))
        {
            var end = text[start..].IndexOfAny(ValueEnds);
            end = end < 0 ? text.Length : start + end;
            pass.RedactNumber(text[start..end], BuiltInRule.Field);
            return end;
        }

        return start;
    }

    private static int RedactHeaderLine(Span<byte> text, int start, SanitizePass pass)
    {
        while (start < text.Length && text[start] == ' ')
        {
            start++;
        }

        var length = text[start..].IndexOfAny("\r\n\"<"u8);
        var value = length < 0 ? text[start..] : text.Slice(start, length);

        // "Cookie: we use them" is a sentence; a header's secret has digits or an equals sign.
        if (value.Length >= 4 && (value.Contains((byte)'=') || value.ContainsAnyInRange((byte)'0', (byte)'9')))
        {
            pass.Redact(value, BuiltInRule.Header);
        }

        return start + value.Length;
    }

    private static int RedactUserInfo(Span<byte> text, int start, SanitizePass pass)
    {
        var window = text[start..Math.Min(text.Length, start + MaxUserInfo)];
        var end = window.IndexOfAny(AuthorityEnds);
        if (end > 0 && window[end] == '@' && window[..end].IndexOf((byte)':') is >= 0 and var colon && colon + 1 < end)
        {
            pass.Redact(window[(colon + 1)..end], BuiltInRule.Field);
            return start + end;
        }

        return start;
    }
}
