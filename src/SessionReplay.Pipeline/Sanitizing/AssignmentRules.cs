namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Finds values by the name before an equals sign: URLs, forms, cookies, settings, attributes of HTML.</summary>
internal static class AssignmentRules
{
    private const int MaxLiteral = 1024;

    /// <summary>Handles the equals sign, or its percent form, at an index.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sign">Where the sign stands.</param>
    /// <param name="length">The length of the sign in bytes: 1, or 3 or 5 in a percent form.</param>
    /// <param name="kind">What the text is.</param>
    /// <param name="pass">Takes the findings.</param>
    /// <returns>Where to go on.</returns>
    public static int Redact(Span<byte> text, int sign, int length, TextKind kind, SanitizePass pass)
    {
        var next = sign + length;
        var name = NameBefore.Read(text, Bytes.IsAt(text, sign - 1, ' ') ? sign - 1 : sign, out var nameStart);
        if (kind == TextKind.Script && length == 1 && (FormText.IsNaming(name) || pass.IsSecretName(name))
            && DataRegions.Holds(text, nameStart, next))
        {
            kind = TextKind.Data;
        }

        if (kind == TextKind.Data && length == 1 && FormText.IsNaming(name))
        {
            FormText.Redact(text, next, pass);
            return next;
        }

        var isParameter = nameStart == 0 || text[nameStart - 1] is (byte)'?' or (byte)'&' || length > 1;
        if ((kind != TextKind.Data && (!isParameter || nameStart == 0)) || !pass.IsSecretName(name))
        {
            return kind == TextKind.Script ? RedactLiteral(text, name, next, pass) : next;
        }

        var start = length == 1 && Bytes.IsAt(text, next, ' ') ? next + 1 : next;
        if (start < text.Length && text[start] is (byte)'"' or (byte)'\'')
        {
            var quoteEnd = TextValue.QuotedEnd(text, start);
            TextValue.Redact(text[(start + 1)..quoteEnd], pass);
            return quoteEnd;
        }

        var end = length > 1 ? TextValue.EncodedEnd(text, start, '&') : TextValue.End(text, start, isParameter);
        TextValue.Redact(text[start..end], pass);
        return end;
    }

    /// <summary>Redacts the quoted literal that a program gives to a name, if it looks like a secret.</summary>
    /// <returns>Where to go on.</returns>
    public static int RedactLiteral(Span<byte> text, ReadOnlySpan<byte> name, int next, SanitizePass pass)
    {
        var start = next;
        while (start < text.Length && text[start] == ' ')
        {
            start++;
        }

        if (start >= text.Length || text[start] is not ((byte)'"' or (byte)'\'' or (byte)'`') || !pass.IsSecretName(name))
        {
            return next;
        }

        // A longer literal is not a secret, and reading each to its end could take for ever.
        var end = TextValue.QuotedEnd(text[..Math.Min(text.Length, start + MaxLiteral)], start);
        var value = text[(start + 1)..end];
        if (!TextValue.LooksRandom(value))
        {
            return next;
        }

        pass.Redact(value, BuiltInRule.Field);
        return end;
    }
}
