using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Finds tokens, keys and credentials that have a form of their own, whatever name stands before them.</summary>
internal static class SecretRules
{
    private const int MinSecret = 16;
    private const int MaxBasic = 1024;

    // What a finding contains that is rare in any text. A search for many short strings that are not rare is slow.
    private static readonly SearchValues<string> Anchors = SearchValues.Create(
        [
            .. SecretFormats.Anchored.Select(format => Encoding.ASCII.GetString(format.Prefix)),
            "bearer", "basic", "PRIVATE KEY", "eyJ", "AKIA", "ASIA", "ABIA", "ACCA", ":AA",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a batch may hold anything that <see cref="Redact"/> finds.</summary>
    public static bool MayHold(ReadOnlySpan<byte> batch)
    {
        const int Overlap = 40;
        const int Piece = 8192;
        Span<char> characters = stackalloc char[Piece];
        for (var from = 0; from < batch.Length; from += Piece - Overlap)
        {
            var piece = batch[from..Math.Min(batch.Length, from + Piece)];
            Encoding.Latin1.GetChars(piece, characters);
            if (characters[..piece.Length].ContainsAny(Anchors))
            {
                return true;
            }
        }

        return KeyEndings.MayHold(batch);
    }

    /// <summary>Redacts what a text holds.</summary>
    public static void Redact(Span<byte> text, SanitizePass pass)
    {
        if (text.Length >= MinSecret)
        {
            RedactAnchored(text, pass);
            KeyEndings.Redact(text, pass);
        }
    }

    private static void RedactAnchored(Span<byte> text, SanitizePass pass)
    {
        var characters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var length = Encoding.Latin1.GetChars(text, characters);
            var (from, noTokenBefore) = (0, 0);
            while (characters.AsSpan(from, length - from).IndexOfAny(Anchors) is >= 0 and var found)
            {
                var at = from + found;
                from = Math.Max(at + 1, RedactAt(text, at, ref noTokenBefore, pass));
            }
        }
        finally
        {
            Array.Clear(characters, 0, text.Length);
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static int RedactAt(Span<byte> text, int at, ref int noTokenBefore, SanitizePass pass)
    {
        foreach (var format in SecretFormats.Anchored)
        {
            if (text[at] == format.Prefix[0] && format.MatchLength(text, at) is > 0 and var length)
            {
                pass.Redact(text.Slice(at, length), BuiltInRule.ApiKey);
                return at + length;
            }
        }

        return (text[at] | 0x20) switch
        {
            'b' => RedactScheme(text, at, pass),
            'p' => RedactPrivateKey(text, at, pass),
            'e' => RedactToken(text, at, ref noTokenBefore, pass),
            'a' => RedactAws(text, at, pass),
            ':' => RedactTelegram(text, at, pass),
            _ => at + 1,
        };
    }

    // Bearer TOKEN, Basic base64(user:password).
    private static int RedactScheme(Span<byte> text, int at, SanitizePass pass)
    {
        var isBasic = (text[at + 1] | 0x20) == 'a';
        var end = at + (isBasic ? "basic".Length : "bearer".Length);
        var space = !Bytes.IsWordStart(text, at)
            ? 0
            : GroupSeparators.Read(text, end, out var kind) is var length && kind == GroupSeparator.Space ? length : 0;
        var from = end + space;
        var run = space == 0 ? 0 : Bytes.Run(text, from, Bytes.TokenBody);
        if (space == 0 || (isBasic ? !IsBasic(text.Slice(from, run)) : run < MinSecret))
        {
            return end;
        }

        pass.Redact(text.Slice(from, run), BuiltInRule.Bearer);
        return from + run;
    }

    private static bool IsBasic(ReadOnlySpan<byte> credentials)
    {
        credentials = credentials[..Math.Min(credentials.Length, MaxBasic)].TrimEnd((byte)'.');
        Span<byte> padded = stackalloc byte[MaxBasic + 4];
        credentials.CopyTo(padded);
        var length = credentials.Length;
        while (length % 4 != 0)
        {
            padded[length++] = (byte)'=';
        }

        Span<byte> plain = stackalloc byte[MaxBasic];
        return length >= 4 && Base64.DecodeFromUtf8(padded[..length], plain, out _, out var written) == OperationStatus.Done
            && plain[..written].Contains((byte)':')
            && !plain[..written].ContainsAnyInRange((byte)0, (byte)31);
    }

    private static int RedactPrivateKey(Span<byte> text, int at, SanitizePass pass)
    {
        var start = at + "PRIVATE KEY".Length;
        start += text[start..].StartsWith(" BLOCK"u8) ? " BLOCK".Length : 0;
        if (!text[at..].StartsWith("PRIVATE KEY"u8) || !text[start..].StartsWith("-----"u8))
        {
            return at + 1;
        }

        start += "-----".Length;
        var length = text[start..].IndexOf("-----END"u8);
        length = length < 0 ? text.Length - start : length;
        if (length >= MinSecret)
        {
            pass.Redact(text.Slice(start, length), BuiltInRule.PrivateKey);
        }

        // Behind the words of the end, which hold the anchor too.
        return Math.Min(text.Length, start + length + "-----END".Length + 40);
    }

    /// <summary>
    /// Redacts a JSON Web Token, which begins with base64 of <c>{"</c>. If a run of characters is not a token, none that begins within it
    /// is one: <paramref name="noneBefore"/> keeps its end, or a run of nothing but beginnings would be read once for each.
    /// </summary>
    private static int RedactToken(Span<byte> text, int at, ref int noneBefore, SanitizePass pass)
    {
        if (at < noneBefore || !text[at..].StartsWith("eyJ"u8) || !Bytes.IsWordStart(text, at))
        {
            return at + 1;
        }

        var first = Bytes.Run(text, at + 3, Bytes.KeyBody);
        var dot = at + 3 + first;
        var second = first >= 8 && Bytes.IsAt(text, dot, '.') ? Bytes.Run(text, dot + 1, Bytes.KeyBody) : 0;
        if (second < 8)
        {
            noneBefore = dot;
            return at + 1;
        }

        // Three parts when signed, five when encrypted.
        var end = dot + 1 + second;
        for (var part = 0; part < 3 && Bytes.IsAt(text, end, '.'); part++)
        {
            end += 1 + Bytes.Run(text, end + 1, Bytes.KeyBody);
        }

        pass.Redact(text[at..end], BuiltInRule.Jwt);
        return end;
    }

    // AKIA and its like, then 16 capitals and digits.
    private static int RedactAws(Span<byte> text, int at, SanitizePass pass)
    {
        const int KeyLength = 20;
        if (at + KeyLength > text.Length || !Bytes.IsWordStart(text, at) || Bytes.IsAlphaNumericAt(text, at + KeyLength)
            || text.Slice(at, KeyLength).IndexOfAnyExcept(Bytes.AlphaNumeric) >= 0
            || text.Slice(at, KeyLength).ContainsAnyInRange((byte)'a', (byte)'z'))
        {
            return at + 1;
        }

        pass.Redact(text.Slice(at, KeyLength), BuiltInRule.ApiKey);
        return at + KeyLength;
    }

    // 123456789:AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    private static int RedactTelegram(Span<byte> text, int at, SanitizePass pass)
    {
        var start = at;
        while (at - start < 16 && Bytes.IsDigitAt(text, start - 1))
        {
            start--;
        }

        var body = at - start >= 5 && text[at..].StartsWith(":AA"u8) ? Bytes.Run(text, at + 1, Bytes.KeyBody) : 0;
        if (body is < 35 or > 40)
        {
            return at + 1;
        }

        pass.Redact(text[start..(at + 1 + body)], BuiltInRule.ApiKey);
        return at + 1 + body;
    }
}
