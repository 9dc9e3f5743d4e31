namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Finds values by the name before a colon: members of JSON within text, lines of HTTP headers, <c>password: value</c>, user information of
/// URLs.
/// </summary>
internal static class ColonRules
{
    private const int MaxUserInfo = 256;
    private const int MaxSpaces = 8;
    private const int MinLongWord = 16;

    /// <summary>Handles the colon at an index.</summary>
    /// <returns>Where to go on.</returns>
    public static int Redact(Span<byte> text, int colon, TextKind kind, SanitizePass pass)
    {
        var next = colon + 1;
        if (colon == 0 || kind == TextKind.Css)
        {
            return next;
        }

        if (text[next..].StartsWith("//"u8))
        {
            return RedactUserInfo(text, colon + 3, kind, pass);
        }

        var end = text[colon - 1] == ' ' && colon > 1 ? colon - 1 : colon;
        if (text[end - 1] is (byte)'"' or (byte)'\'')
        {
            return RedactMember(text, end - 1, next, kind, pass);
        }

        var name = NameBefore.Read(text, end, out var start);
        if (kind == TextKind.Script
            && !(start < end && (pass.IsSecretName(name) || pass.IsHeaderLine(name)) && DataRegions.IsPlainLine(text, start, next)))
        {
            return AssignmentRules.RedactLiteral(text, name, next, pass);
        }

        var isHeader = IsLineStart(text, start) && pass.IsHeaderLine(name);
        return isHeader && RedactHeaderLine(text, start, next, pass) is > 0 and var lineEnd
            ? lineEnd
            : RedactLabelled(text, end, start, next, pass);
    }

    /// <summary>Handles the percent form of a colon at an index: JSON in a URL.</summary>
    public static int RedactEncoded(Span<byte> text, int colon, int length, SanitizePass pass)
    {
        var next = colon + length;
        if (colon < 3 || Bytes.Percent(text, colon - 3, out _) != '"' || !pass.IsSecretName(NameBefore.Read(text, colon - 3, out _)))
        {
            return next;
        }

        var start = Bytes.IsAt(text, next, '%') && Bytes.Percent(text, next, out var quote) == '"' ? next + quote : next;
        var end = TextValue.EncodedEnd(text, start, '"');
        TextValue.Redact(text[start..end], pass);
        return end;
    }

    // The quotes may be escaped, once or more often: JSON within JSON.
    private static int RedactMember(Span<byte> text, int quote, int next, TextKind kind, SanitizePass pass)
    {
        var nameEnd = quote;
        while (nameEnd > 0 && quote - nameEnd < MaxSpaces && text[nameEnd - 1] == '\\')
        {
            nameEnd--;
        }

        var name = NameBefore.Read(text, nameEnd, out _);
        if (kind == TextKind.Script)
        {
            return AssignmentRules.RedactLiteral(text, name, next, pass);
        }

        return pass.IsSecretName(name) ? RedactMemberValue(text, next, pass) : next;
    }

    private static int RedactMemberValue(Span<byte> text, int start, SanitizePass pass)
    {
        while (start < text.Length && Bytes.IsWhiteSpace(text[start]))
        {
            start++;
        }

        var escapes = 0;
        while (escapes < MaxSpaces && Bytes.IsAt(text, start + escapes, '\\'))
        {
            escapes++;
        }

        if (escapes > 0 && Bytes.IsAt(text, start + escapes, '"'))
        {
            var from = start + escapes + 1;
            var length = text[from..].IndexOf(text[start..from]);
            var end = length < 0 ? text.Length : from + length;
            TextValue.Redact(text[from..end], pass);
            return end;
        }

        if (start < text.Length && text[start] is (byte)'"' or (byte)'\'')
        {
            var end = TextValue.QuotedEnd(text, start);
            TextValue.Redact(text[(start + 1)..end], pass);
            return end;
        }

        if (Bytes.IsDigitAt(text, start) || Bytes.IsAt(text, start, '-'))
        {
            var end = TextValue.End(text, start, isParameter: false);
            pass.RedactNumber(text[start..end], BuiltInRule.Field);
            return end;
        }

        return start;
    }

    // A header stands at the start of a line, or of what is quoted in a command.
    private static bool IsLineStart(ReadOnlySpan<byte> text, int start) =>
        start == 0 || text[start - 1] is (byte)'\n' or (byte)'\r' or (byte)'"' or (byte)'\'';

    // "Cookie: we use them" is a sentence, and ":hover{" a selector; a secret has digits or an equals sign, or is one long word.
    private static int RedactHeaderLine(Span<byte> text, int nameStart, int start, SanitizePass pass)
    {
        while (start < text.Length && text[start] == ' ')
        {
            start++;
        }

        var length = text[start..].IndexOfAny(Bytes.IsAt(text, nameStart - 1, '\'') ? "\r\n\"<'"u8 : "\r\n\"<"u8);
        var value = length < 0 ? text[start..] : text.Slice(start, length);
        var isSecret = value.Contains((byte)'=') || value.ContainsAnyInRange((byte)'0', (byte)'9')
            || (value.Length >= MinLongWord && !value.Contains((byte)' '));
        if (value.Length < 4 || !isSecret || CssPseudo.IsAt(value))
        {
            return 0;
        }

        pass.Redact(value, BuiltInRule.Header);
        return start + value.Length;
    }

    // password: hunter2. In "Password: must have 8 characters" a sentence follows, in ".password:hover" a selector.
    private static int RedactLabelled(Span<byte> text, int nameEnd, int nameStart, int next, SanitizePass pass)
    {
        var phraseStart = NameBefore.PhraseStart(text, nameEnd);
        var isName = nameStart < nameEnd && pass.IsSecretName(text[nameStart..nameEnd]);
        if ((!isName && (phraseStart == nameEnd || !pass.IsSecretName(text[phraseStart..nameEnd]))) || IsSelector(text, nameStart))
        {
            return next;
        }

        var start = next;
        while (start < text.Length && start - next < MaxSpaces && text[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        if (start >= text.Length || text[start] is (byte)':' or (byte)'{' or (byte)'[' or (byte)'(' || CssPseudo.IsAt(text[start..]))
        {
            return next;
        }

        if (text[start] is (byte)'"' or (byte)'\'')
        {
            var quoteEnd = TextValue.QuotedEnd(text, start);
            TextValue.Redact(text[(start + 1)..quoteEnd], pass);
            return quoteEnd;
        }

        var end = TextValue.End(text, start, isParameter: true);
        var value = text[start..end].TrimEnd(".,!?)}]"u8);
        if (value.IsEmpty || (IsWord(value) && ContinuesAsSentence(text, end)))
        {
            return next;
        }

        TextValue.Redact(value, pass);
        return start + value.Length;
    }

    private static bool IsSelector(ReadOnlySpan<byte> text, int nameStart) =>
        (nameStart < text.Length && text[nameStart] is (byte)'.' or (byte)'-')
        || (nameStart > 0 && text[nameStart - 1] is (byte)'#' or (byte)'$' or (byte)'@' or (byte)'.');

    private static bool IsWord(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (!Bytes.IsLetter(b) && b < 0x80 && b is not ((byte)'\'' or (byte)'-'))
            {
                return false;
            }
        }

        return true;
    }

    // Another word on the same line, and not another name with a value.
    private static bool ContinuesAsSentence(ReadOnlySpan<byte> text, int end)
    {
        var rest = text[end..];
        var spaces = rest.IndexOfAnyExcept(" \t"u8);
        if (spaces <= 0 || !(Bytes.IsLetter(rest[spaces]) || rest[spaces] >= 0x80 || Bytes.IsDigit(rest[spaces])))
        {
            return false;
        }

        rest = rest[spaces..];
        var word = rest.IndexOfAny(" \t\r\n:="u8);
        return word < 0 || rest[word] is not ((byte)':' or (byte)'=');
    }

    // http://user:password@host. In a program that is documentation unless it looks like a secret.
    private static int RedactUserInfo(Span<byte> text, int start, TextKind kind, SanitizePass pass)
    {
        var window = text[start..Math.Min(text.Length, start + MaxUserInfo)];
        var end = window.IndexOfAny("@/?# \t\r\n\"'<>"u8);
        if (end > 0 && window[end] == '@' && window[..end].IndexOf((byte)':') is >= 0 and var colon && colon + 1 < end
            && (kind == TextKind.Data || TextValue.LooksRandom(window[(colon + 1)..end])))
        {
            pass.Redact(window[(colon + 1)..end], BuiltInRule.Field);
            return start + end;
        }

        return start;
    }
}
