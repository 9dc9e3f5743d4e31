namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Finds tokens and keys that have a form of their own.</summary>
internal static class SecretRules
{
    /// <summary>Deals with a key whose prefix ends with the underscore at a place (GitHub, Stripe, npm, Hugging Face, Shopify, DigitalOcean).</summary>
    /// <returns>Where to go on.</returns>
    public static int RedactUnderscore(Span<byte> text, int underscore, SanitizePass pass)
    {
        var before = text[..underscore];
        if (before.Length < 2)
        {
            return underscore + 1;
        }

        var (prefix, least) = before[^1] switch
        {
            (byte)'p' or (byte)'o' or (byte)'u' or (byte)'s' or (byte)'r' when before.Length >= 3 && before[^3] == 'g' && before[^2] == 'h' => (3, 30),
            (byte)'t' when before.EndsWith("github_pat"u8) => (10, 22),
            (byte)'t' when before.EndsWith("sk_test"u8) || before.EndsWith("rk_test"u8) => (7, 16),
            (byte)'t' when before.EndsWith("shpat"u8) => (5, 32),
            (byte)'e' when before.EndsWith("sk_live"u8) || before.EndsWith("rk_live"u8) => (7, 16),
            (byte)'c' when before.EndsWith("whsec"u8) => (5, 24),
            (byte)'m' when before.EndsWith("npm"u8) => (3, 30),
            (byte)'f' when before.EndsWith("hf"u8) => (2, 30),
            (byte)'s' when before.EndsWith("shpss"u8) => (5, 32),
            (byte)'1' when before.EndsWith("dop_v1"u8) => (6, 40),
            _ => (0, 0),
        };
        var start = underscore - prefix;
        if (prefix == 0 || Bytes.IsAlphaNumericAt(text, start - 1))
        {
            return underscore + 1;
        }

        var body = Bytes.Run(text, underscore + 1, Bytes.KeyBody);
        if (body < least)
        {
            return underscore + 1;
        }

        pass.Redact(text.Slice(start, prefix + 1 + body), BuiltInRule.ApiKey);
        return underscore + 1 + body;
    }

    /// <summary>Deals with an access key of AWS (<c>AKIA</c>, <c>ASIA</c>) or an API key of Google (<c>AIza</c>) around the <c>I</c> at a place.</summary>
    public static int RedactUpperI(Span<byte> text, int i, SanitizePass pass)
    {
        if (i >= 2 && text[i - 2] == 'A' && text[i - 1] is (byte)'K' or (byte)'S' && i + 1 < text.Length && text[i + 1] == 'A'
            && !Bytes.IsAlphaNumericAt(text, i - 3))
        {
            var body = Bytes.Run(text, i + 2, Bytes.AlphaNumeric);
            if (body == 16 && !text.Slice(i + 2, 16).ContainsAnyInRange((byte)'a', (byte)'z'))
            {
                pass.Redact(text.Slice(i - 2, 20), BuiltInRule.ApiKey);
                return i + 18;
            }
        }
        else if (i >= 1 && text[i - 1] == 'A' && text[(i + 1)..].StartsWith("za"u8) && !Bytes.IsAlphaNumericAt(text, i - 2))
        {
            var body = Bytes.Run(text, i + 3, Bytes.KeyBody);
            if (body >= 35)
            {
                pass.Redact(text.Slice(i - 1, 4 + body), BuiltInRule.ApiKey);
                return i + 3 + body;
            }
        }

        return i + 1;
    }

    /// <summary>
    /// Deals with a JSON web token: the <c>J</c> at a place is that of <c>eyJ</c>, base64 of <c>{"</c>. At the boundary a word begins although a letter
    /// stands before it (a percent form). Where one run of characters turns out to be no token, none that begins within it is: <paramref name="noneBefore"/>
    /// keeps its end, or a run of nothing but beginnings would be gone over once for each.
    /// </summary>
    public static int RedactUpperJ(Span<byte> text, int j, int boundary, ref int noneBefore, SanitizePass pass)
    {
        if (j < noneBefore || j < 2 || text[j - 1] != 'y' || text[j - 2] != 'e' || (Bytes.IsAlphaNumericAt(text, j - 3) && j - 2 != boundary))
        {
            return j + 1;
        }

        var first = Bytes.Run(text, j + 1, Bytes.KeyBody);
        var dot = j + 1 + first;
        var second = first >= 8 && dot < text.Length && text[dot] == '.' ? Bytes.Run(text, dot + 1, Bytes.KeyBody) : 0;
        if (second < 8)
        {
            noneBefore = dot;
            return j + 1;
        }

        // Three parts when signed, five when encrypted.
        var end = dot + 1 + second;
        for (var part = 0; part < 3 && end < text.Length && text[end] == '.'; part++)
        {
            end += 1 + Bytes.Run(text, end + 1, Bytes.KeyBody);
        }

        pass.Redact(text[(j - 2)..end], BuiltInRule.Jwt);
        return end;
    }

    /// <summary>Deals with a key of SendGrid: the <c>G</c> at a place is that of <c>SG.</c></summary>
    public static int RedactUpperG(Span<byte> text, int g, SanitizePass pass)
    {
        if (g < 1 || text[g - 1] != 'S' || g + 1 >= text.Length || text[g + 1] != '.' || Bytes.IsAlphaNumericAt(text, g - 2))
        {
            return g + 1;
        }

        var first = Bytes.Run(text, g + 2, Bytes.KeyBody);
        var dot = g + 2 + first;
        var second = first >= 16 && dot < text.Length && text[dot] == '.' ? Bytes.Run(text, dot + 1, Bytes.KeyBody) : 0;
        if (second < 16)
        {
            return g + 1;
        }

        pass.Redact(text[(g - 1)..(dot + 1 + second)], BuiltInRule.ApiKey);
        return dot + 1 + second;
    }
}
