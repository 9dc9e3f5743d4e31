using System.Text.Json;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Goes over JSON in place: every string and every member's name, numbers that are card numbers, and the values of sensitive names.
/// </summary>
internal ref struct JsonSanitizer
{
    // 64 characters, each as \u0000.
    private const int MaxEscapedName = 384;

    private readonly Span<byte> _json;
    private readonly SanitizePass _pass;
    private Utf8JsonReader _reader;

    // The name of the member that the next value belongs to.
    private MemberRole _role;

    // Above 0: all within the object or array of this depth is taken out, for its name is sensitive.
    private int _wholeDepth;

    private NameValuePairs _pairs;

    public JsonSanitizer(Span<byte> json, int maxDepth, SanitizePass pass)
    {
        _json = json;
        _pass = pass;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
    }

    /// <summary>Reads the next token and takes out of it what must not be stored.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="JsonException">The JSON is not well-formed, or too deep.</exception>
    public bool Read()
    {
        if (!_reader.Read())
        {
            return false;
        }

        switch (_reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Name();
                break;
            case JsonTokenType.String:
                String();
                _role = MemberRole.Other;
                break;
            case JsonTokenType.Number:
                Number();
                _role = MemberRole.Other;
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                if (_wholeDepth == 0 && IsSensitiveValue())
                {
                    _wholeDepth = _reader.CurrentDepth + 1;
                }

                _role = MemberRole.Other;
                _pairs.Begin(_reader.CurrentDepth + 1);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                if (_wholeDepth == _reader.CurrentDepth + 1)
                {
                    _wholeDepth = 0;
                }

                break;
            default:
                _role = MemberRole.Other;
                break;
        }

        return true;
    }

    private void Name()
    {
        var name = _reader.ValueSpan;
        if (_reader.ValueIsEscaped)
        {
            _role = IsSensitiveEscapedName() ? MemberRole.Sensitive : MemberRole.Other;
            EscapedText.Redact(Token(), _pass, wholly: false);
            return;
        }

        _role = MemberRoles.Of(name, _pass);

        // The built-in rules find nothing shorter in a name.
        if (name.Length >= 11 || _pass.HasCustomRules)
        {
            _pass.Text(Token()[..^1]);
        }
    }

    private void String()
    {
        var value = _reader.ValueSpan;
        if (value.IsEmpty)
        {
            return;
        }

        if (MemberRoles.IsSecret(_role, value, _pass))
        {
            RedactPair();
        }

        if (IsSensitiveValue())
        {
            EscapedText.Redact(Token(), _pass, wholly: true);
            return;
        }

        if (_role == MemberRole.PairValue)
        {
            _pairs.At(_reader.CurrentDepth).Hold((int)_reader.TokenStartIndex + 1, value.Length + 1, isNumber: false);
        }

        if (_reader.ValueIsEscaped)
        {
            EscapedText.Redact(Token(), _pass, wholly: false, isCss: _role == MemberRole.Css);
        }
        else if (_role == MemberRole.Css)
        {
            _pass.Css(Token()[..^1]);
        }
        else
        {
            _pass.Text(Token()[..^1]);
        }
    }

    private void Number()
    {
        var value = _reader.ValueSpan;
        if (IsSensitiveValue())
        {
            _pass.RedactNumber(_json.Slice((int)_reader.TokenStartIndex, value.Length), BuiltInRule.Field);
            return;
        }

        if (_role == MemberRole.PairValue)
        {
            _pairs.At(_reader.CurrentDepth).Hold((int)_reader.TokenStartIndex, value.Length, isNumber: true);
        }

        _pass.Number(_json.Slice((int)_reader.TokenStartIndex, value.Length));
    }

    private bool IsSensitiveValue() =>
        _role == MemberRole.Sensitive || _wholeDepth > 0 || (_role == MemberRole.PairValue && _pairs.At(_reader.CurrentDepth).IsSensitive);

    // What stands behind the name is taken out as it comes; what stood before it is taken out now.
    private void RedactPair()
    {
        ref var pair = ref _pairs.At(_reader.CurrentDepth);
        var value = _json.Slice(pair.Start, pair.Length);
        if (pair.IsNumber)
        {
            _pass.RedactNumber(value, BuiltInRule.Field);
        }
        else if (value.Length > 1)
        {
            EscapedText.Redact(value, _pass, wholly: true);
        }

        pair.Hold(0, 0, isNumber: false);
        pair.IsSensitive = true;
    }

    // A name that is longer is none of those that are looked for.
    private readonly bool IsSensitiveEscapedName()
    {
        Span<byte> name = stackalloc byte[MaxEscapedName];
        return _reader.ValueSpan.Length <= MaxEscapedName && _pass.IsSecretName(name[..EscapedText.Unescape(_reader.ValueSpan, name)]);
    }

    // The content of the string at hand and its closing quote.
    private readonly Span<byte> Token() => _json.Slice((int)_reader.TokenStartIndex + 1, _reader.ValueSpan.Length + 1);
}
