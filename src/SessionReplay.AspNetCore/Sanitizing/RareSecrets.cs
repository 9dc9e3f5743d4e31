namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Finds secrets whose beginnings are rare: each is looked for once in a whole batch, and in its single strings only when it is there.</summary>
internal static class RareSecrets
{
    [Flags]
    public enum Kinds
    {
        None = 0,
        Bearer = 1,
        PrivateKey = 2,
        OpenAi = 4,
        GitLab = 8,
        Slack = 16,
    }

    public static Kinds Find(ReadOnlySpan<byte> batch)
    {
        var kinds = Kinds.None;
        kinds |= batch.IndexOf("earer"u8) >= 0 || batch.IndexOf("EARER"u8) >= 0 ? Kinds.Bearer : 0;
        kinds |= batch.IndexOf("PRIVATE KEY"u8) >= 0 ? Kinds.PrivateKey : 0;
        kinds |= batch.IndexOf("sk-"u8) >= 0 ? Kinds.OpenAi : 0;
        kinds |= batch.IndexOf("glpat-"u8) >= 0 ? Kinds.GitLab : 0;
        kinds |= batch.IndexOf("xox"u8) >= 0 ? Kinds.Slack : 0;
        return kinds;
    }

    public static void Redact(Span<byte> text, Kinds kinds, SanitizePass pass)
    {
        if (kinds.HasFlag(Kinds.Bearer))
        {
            RedactBearer(text, "earer"u8, pass);
            RedactBearer(text, "EARER"u8, pass);
        }

        if (kinds.HasFlag(Kinds.PrivateKey))
        {
            RedactPrivateKeys(text, pass);
        }

        if (kinds.HasFlag(Kinds.OpenAi))
        {
            RedactKeys(text, "sk-"u8, 20, pass);
        }

        if (kinds.HasFlag(Kinds.GitLab))
        {
            RedactKeys(text, "glpat-"u8, 20, pass);
        }

        if (kinds.HasFlag(Kinds.Slack))
        {
            RedactKeys(text, "xox"u8, 12, pass);
        }
    }

    private static void RedactBearer(Span<byte> text, ReadOnlySpan<byte> word, SanitizePass pass)
    {
        var from = 0;
        while (text[from..].IndexOf(word) is >= 0 and var found)
        {
            var start = from + found;
            var end = start + word.Length;
            from = end;
            if (start == 0 || (text[start - 1] | 0x20) != 'b')
            {
                continue;
            }

            var space = DigitRules.SeparatorLength(text, end, out _);
            var length = space == 0 ? 0 : Bytes.Run(text, end + space, Bytes.TokenBody);
            if (length >= 16)
            {
                pass.Redact(text.Slice(end + space, length), BuiltInRule.Bearer);
                from = end + space + length;
            }
        }
    }

    private static void RedactPrivateKeys(Span<byte> text, SanitizePass pass)
    {
        var from = 0;
        while (text[from..].IndexOf("PRIVATE KEY-----"u8) is >= 0 and var found)
        {
            var start = from + found + "PRIVATE KEY-----"u8.Length;
            var length = text[start..].IndexOf("-----END"u8);
            length = length < 0 ? text.Length - start : length;
            if (length >= 16)
            {
                pass.Redact(text.Slice(start, length), BuiltInRule.PrivateKey);
            }

            // Behind the end's own words, which hold the same text.
            from = start + length;
            var next = text[from..].IndexOf("PRIVATE KEY-----"u8);
            from = next < 0 ? text.Length : from + next + 1;
        }
    }

    private static void RedactKeys(Span<byte> text, ReadOnlySpan<byte> prefix, int least, SanitizePass pass)
    {
        var from = 0;
        while (text[from..].IndexOf(prefix) is >= 0 and var found)
        {
            var start = from + found;
            var body = Bytes.Run(text, start + prefix.Length, Bytes.KeyBody);
            var key = text.Slice(start, prefix.Length + body);
            if (body >= least && !Bytes.IsAlphaNumericAt(text, start - 1) && IsRandom(key[prefix.Length..], prefix[0]))
            {
                pass.Redact(key, BuiltInRule.ApiKey);
            }

            from = start + prefix.Length + body;
        }
    }

    // Class names such as sk-folding-cube-wrapper have no digit or no upper-case letter; keys have both.
    private static bool IsRandom(ReadOnlySpan<byte> body, byte first) => first switch
    {
        (byte)'s' => body.ContainsAnyInRange((byte)'0', (byte)'9') && body.ContainsAnyInRange((byte)'A', (byte)'Z'),
        (byte)'x' => body[1] == '-' && "abeoprs"u8.Contains(body[0]) && body.ContainsAnyInRange((byte)'0', (byte)'9'),
        _ => true,
    };
}
