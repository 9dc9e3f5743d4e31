using System.Buffers;
using System.Text.Json;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>One run of the sanitizer over a batch, with what it found. Not safe for concurrent use.</summary>
internal sealed class SanitizePass(Sanitizer sanitizer, bool mayHoldSecrets, bool mayHoldOtherDigits)
{
    private const int ShortestText = 4;
    private const int MaxJsonDepth = 64;
    private const int MaxRounds = 8;

    // Text that begins like JSON and is none costs an exception: twenty of them for each event that a recorder puts into a batch.
    private const int MaxBrokenJson = 2_000;

    // Whatever the built-in rules look for (secrets with a form of their own apart) holds one of these.
    private static readonly SearchValues<byte> Triggers = SearchValues.Create("0123456789=:%_"u8);
    private static readonly SearchValues<byte> TriggersOfAllScripts = SearchValues.Create([.. "0123456789=:%_"u8, .. Digit.ScriptLeads]);

    // A colon says nothing in a stylesheet, which has one in each declaration.
    private static readonly SearchValues<byte> CssTriggers = SearchValues.Create("0123456789=%_"u8);
    private static readonly SearchValues<byte> CssTriggersOfAllScripts = SearchValues.Create([.. "0123456789=%_"u8, .. Digit.ScriptLeads]);

    // Asterisks and bullets (U+2022).
    private static readonly SearchValues<byte> Mask = SearchValues.Create("*•"u8);

    private readonly SearchValues<byte> _triggers = mayHoldOtherDigits ? TriggersOfAllScripts : Triggers;
    private readonly SearchValues<byte> _cssTriggers = mayHoldOtherDigits ? CssTriggersOfAllScripts : CssTriggers;
    private readonly int[] _counts = new int[sanitizer.RuleNames.Length];
    private readonly NameCache _names = new(sanitizer.Names);
    private int _brokenJson;

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

    public bool IsHeaderName(ReadOnlySpan<byte> name) => sanitizer.HeaderNames.Contains(name) || _names.IsSecret(name);

    /// <summary>
    /// Whether a line that begins with a name and a colon is a secret header: one of the known names, or secret words with hyphens as
    /// headers have them.
    /// </summary>
    public bool IsHeaderLine(ReadOnlySpan<byte> name) =>
        sanitizer.HeaderNames.Contains(name) || (name.Contains((byte)'-') && _names.IsSecret(name));

    /// <summary>Whether the value of a name is a secret. A name that holds a finding, such as <c>[ssn]******</c>, says nothing.</summary>
    public bool IsSecretName(ReadOnlySpan<byte> name) =>
        (_names.IsSecret(name) || sanitizer.HeaderNames.Contains(name)) && !sanitizer.Placeholders.IsIn(name);

    /// <summary>What a known key of DOM events says of its values.</summary>
    public MemberRole RoleOfKnownKey(int key) => sanitizer.KnownKeys[key];

    /// <summary>Whether nothing in a text can be found, decided quickly.</summary>
    public bool IsClean(ReadOnlySpan<byte> text) =>
        text.Length < ShortestText
        || (!mayHoldSecrets && sanitizer.CustomRules.Length == 0 && !text.ContainsAny(_triggers) && !text.Contains((byte)'<'));

    /// <summary>Sanitizes a text. JSON in it is sanitized as JSON.</summary>
    public void Text(Span<byte> text)
    {
        if (text.Length < ShortestText)
        {
            return;
        }

        var json = StartOfJson(text);
        if (json < 0 || !Json(text[json..]) || json > 0)
        {
            Rules(text, isCss: false);
        }
    }

    /// <summary>Sanitizes a stylesheet.</summary>
    public void Css(Span<byte> text) => Rules(text, isCss: true);

    /// <summary>Sanitizes JSON in place, as far as it is well-formed.</summary>
    /// <returns>Whether all of it is.</returns>
    public bool Json(Span<byte> text)
    {
        if (text.IsEmpty || _brokenJson == MaxBrokenJson)
        {
            return false;
        }

        try
        {
            var reader = new JsonSanitizer(text, MaxJsonDepth, this);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            _brokenJson++;
            return false;
        }
    }

    /// <summary>Sanitizes a number as JSON writes it, which may be the number of a card.</summary>
    public void Number(Span<byte> number)
    {
        Span<byte> digits = stackalloc byte[CardNumber.MaxDigits];
        if (number.Length >= ShortestText && IsOn(BuiltInRule.Card) && JsonNumber.TryReadInteger(number, digits, out var count)
            && CardNumber.IsMatch(digits[..count]))
        {
            RedactNumber(number, BuiltInRule.Card);
        }
    }

    public void Redact(Span<byte> finding, BuiltInRule rule) => Redact(finding, (int)rule);

    public void Redact(Span<byte> finding, int rule)
    {
        // What is masked or redacted stays as it is: a change would cost a compression.
        if (!finding[sanitizer.Placeholders.LengthAt(finding)..].ContainsAnyExcept(Mask))
        {
            return;
        }

        var placeholder = sanitizer.Placeholders[rule];
        if (finding.Length >= placeholder.Length)
        {
            placeholder.CopyTo(finding);
            finding = finding[placeholder.Length..];
        }

        finding.Fill((byte)'*');
        Count(rule);
    }

    /// <summary>Overwrites a number so that JSON stays JSON: 0 and spaces.</summary>
    public void RedactNumber(Span<byte> finding, BuiltInRule rule)
    {
        if (finding[0] == '0' && !finding[1..].ContainsAnyExcept((byte)' '))
        {
            return;
        }

        finding.Fill((byte)' ');
        finding[0] = (byte)'0';
        Count((int)rule);
    }

    private void Count(int rule)
    {
        _counts[rule]++;
        Total++;
    }

    // What was beside a finding may be one now: a key behind a card number begins a word once the number is gone. And a text may be another
    // kind without it.
    private void Rules(Span<byte> text, bool isCss)
    {
        for (var (round, before) = (0, -1); round < MaxRounds && before != Total; round++)
        {
            before = Total;
            RulesOnce(text, isCss ? TextKind.Css : TextKinds.Of(text));
        }
    }

    private void RulesOnce(Span<byte> text, TextKind kind)
    {
        if (mayHoldSecrets)
        {
            SecretRules.Redact(text, this);
        }

        if (kind != TextKind.Css)
        {
            FormText.RedactElements(text, this);
        }

        if (kind == TextKind.Data)
        {
            ScanMarkup(text);
        }
        else
        {
            Scan(text, kind);
        }

        if (sanitizer.CustomRules.Length > 0)
        {
            CustomRules.Redact(text, sanitizer, this);
        }
    }

    /// <summary>Script elements may hold programs, or data such as JSON.</summary>
    private void ScanMarkup(Span<byte> text)
    {
        while (!text.IsEmpty)
        {
            var (before, content) = DataRegions.NextScript(text);
            Scan(text[..before], TextKind.Data);
            var script = text.Slice(before, content);
            Scan(script, TextKinds.Of(script));
            text = text[(before + content)..];
        }
    }

    private void Scan(Span<byte> text, TextKind kind)
    {
        var i = DataUri(text);
        var triggers = kind == TextKind.Css ? _cssTriggers : _triggers;
        while (text[i..].IndexOfAny(triggers) is >= 0 and var found)
        {
            var at = i + found;
            i = text[at] switch
            {
                (byte)'=' => AssignmentRules.Redact(text, at, 1, kind, this),
                (byte)':' => ColonRules.Redact(text, at, kind, this),
                (byte)'%' => Percent(text, at, kind),
                (byte)'_' => sanitizer.Secrets ? KeyEndings.RedactAt(text, at, this) : at + 1,
                _ => Digits(text, at),
            };
        }
    }

    private int Percent(Span<byte> text, int at, TextKind kind) => Bytes.Percent(text, at, out var length) switch
    {
        -1 => at + 1,
        '=' => AssignmentRules.Redact(text, at, length, kind, this),
        ':' => ColonRules.RedactEncoded(text, at, length, this),
        _ when Digit.Read(text, at, out var _) > 0 => DigitRules.Redact(text, at, this),

        // A form of two levels is read once more from its second: what it stands for may be part of a longer form.
        _ => at + 3,
    };

    private int Digits(Span<byte> text, int at)
    {
        if (Digit.Read(text, at, out _) == 0)
        {
            // The first byte of a character that is not a digit.
            return at + 1;
        }

        if (Bytes.IsLetterAt(text, at - 1) && Bytes.IsLetterAt(text, at - 2) && Bytes.IsWordStart(text, at - 2)
            && IsOn(BuiltInRule.Iban) && Iban.MatchLength(text, at - 2) is > 0 and var length)
        {
            Redact(text.Slice(at - 2, length), BuiltInRule.Iban);
            return at - 2 + length;
        }

        return DigitRules.Redact(text, at, this);
    }

    // The whole text, or what stands behind the words of a log line.
    private static int StartOfJson(ReadOnlySpan<byte> text) =>
        text[0] is (byte)'[' && text[1] is (byte)'{' or (byte)'[' or (byte)'"'
            ? 0
            : text[0] is (byte)'{' && Bytes.IsWhiteSpace(text[1]) ? 0 : text.IndexOf("{\""u8);

    // The body of an image or a font is not text.
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
