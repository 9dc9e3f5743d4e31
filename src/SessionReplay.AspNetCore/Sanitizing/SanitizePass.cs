using System.Buffers;

namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>The way of the sanitizer through one batch, with what it found.</summary>
internal sealed class SanitizePass(Sanitizer sanitizer, RareSecrets.Kinds rare)
{
    private const int ShortestText = 4;
    private const int ShortestSecret = 16;

    // Whatever the built-in rules look for (rare secrets apart) holds one of these.
    private static readonly SearchValues<byte> Triggers = SearchValues.Create("0123456789=:%_IJG"u8);

    // Asterisks and bullets (U+2022).
    private static readonly SearchValues<byte> Mask = SearchValues.Create("*•"u8);

    private readonly int[] _counts = new int[sanitizer.RuleNames.Length];

    /// <summary>Whether anything was found.</summary>
    public bool Changed => Total > 0;

    /// <summary>The number of findings.</summary>
    public int Total { get; private set; }

    /// <summary>The numbers of findings by rule, those above 0.</summary>
    public IEnumerable<(string Rule, int Count)> Findings
    {
        get
        {
            for (var i = 0; i < _counts.Length; i++)
            {
                if (_counts[i] > 0)
                {
                    yield return (sanitizer.RuleNames[i], _counts[i]);
                }
            }
        }
    }

    public bool HasCustomRules => sanitizer.CustomRules.Length > 0;

    public bool IsOn(BuiltInRule rule) => sanitizer.On[(int)rule];

    public bool IsHeaderName(ReadOnlySpan<byte> name) => sanitizer.HeaderNames.Contains(name);

    public bool IsSensitiveName(ReadOnlySpan<byte> name) => sanitizer.FieldNames.Contains(name) || sanitizer.HeaderNames.Contains(name);

    /// <summary>Whether nothing in a text can be found, told quickly.</summary>
    public bool IsClean(ReadOnlySpan<byte> text) =>
        text.Length < ShortestText || (rare == 0 && sanitizer.CustomRules.Length == 0 && !text.ContainsAny(Triggers));

    /// <summary>Goes over a text.</summary>
    public void Text(Span<byte> text)
    {
        if (text.Length < ShortestText)
        {
            return;
        }

        if (rare != 0 && text.Length >= ShortestSecret)
        {
            RareSecrets.Redact(text, rare, this);
        }

        Scan(text);
        if (sanitizer.CustomRules.Length > 0)
        {
            CustomRules.Redact(text, sanitizer, this);
        }
    }

    public void Redact(Span<byte> finding, BuiltInRule rule) => Redact(finding, (int)rule);

    public void Redact(Span<byte> finding, int rule)
    {
        // What the recorder has masked stays as it is: a change would cost a compression.
        if (!finding.ContainsAnyExcept(Mask))
        {
            return;
        }

        var marker = sanitizer.Markers[rule].AsSpan();
        if (finding.Length >= marker.Length)
        {
            marker.CopyTo(finding);
            finding = finding[marker.Length..];
        }

        finding.Fill((byte)'*');
        Count(rule);
    }

    /// <summary>Overwrites a number so that JSON stays JSON: 0 and spaces.</summary>
    public void RedactNumber(Span<byte> finding, BuiltInRule rule)
    {
        finding.Fill((byte)' ');
        finding[0] = (byte)'0';
        Count((int)rule);
    }

    private void Count(int rule)
    {
        _counts[rule]++;
        Total++;
    }

    private void Scan(Span<byte> text)
    {
        var i = DataUri(text);

        // Where a word begins although a letter stands before: behind a percent form.
        var boundary = -1;
        var noTokenBefore = 0;
        while (text[i..].IndexOfAny(Triggers) is >= 0 and var found)
        {
            var at = i + found;
            switch (text[at])
            {
                case (byte)'=':
                    i = NameRules.RedactAssignment(text, at, 1, this);
                    break;
                case (byte)':':
                    i = NameRules.RedactColon(text, at, this);
                    break;
                case (byte)'%':
                    i = Percent(text, at);
                    boundary = i;
                    break;
                case (byte)'_':
                    i = sanitizer.Secrets ? SecretRules.RedactUnderscore(text, at, this) : at + 1;
                    break;
                case (byte)'I':
                    i = sanitizer.Secrets ? SecretRules.RedactUpperI(text, at, this) : at + 1;
                    break;
                case (byte)'J':
                    i = sanitizer.Secrets ? SecretRules.RedactUpperJ(text, at, boundary, ref noTokenBefore, this) : at + 1;
                    break;
                case (byte)'G':
                    i = sanitizer.Secrets ? SecretRules.RedactUpperG(text, at, this) : at + 1;
                    break;
                default:
                    i = Digits(text, at, boundary);
                    break;
            }
        }
    }

    private int Percent(Span<byte> text, int at) => Bytes.Percent(text, at) switch
    {
        -1 => at + 1,
        '=' => NameRules.RedactAssignment(text, at, 3, this),
        ':' => NameRules.RedactEncodedColon(text, at, this),
        _ => at + 3,
    };

    private int Digits(Span<byte> text, int at, int boundary)
    {
        if (at == boundary || !Bytes.IsAlphaNumericAt(text, at - 1))
        {
            return DigitRules.Redact(text, at, this);
        }

        if (at >= 2 && Bytes.IsLetter(text[at - 1]) && Bytes.IsLetter(text[at - 2]) && (at - 2 == boundary || !Bytes.IsAlphaNumericAt(text, at - 3))
            && IsOn(BuiltInRule.Iban) && Iban.MatchLength(text, at - 2) is > 0 and var length)
        {
            Redact(text.Slice(at - 2, length), BuiltInRule.Iban);
            return at - 2 + length;
        }

        // Digits within a word. Its underscore and capitals are still looked at.
        while (at < text.Length && Bytes.IsDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    // The body of an image or a font is no text.
    private static int DataUri(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("data:"u8))
        {
            return 0;
        }

        var start = text[..Math.Min(text.Length, 128)].IndexOf(";base64,"u8);
        return start < 0 ? 0 : start + 8 + Bytes.Run(text, start + 8, Bytes.TokenBody);
    }
}
