namespace SessionReplay.Pipeline.Facts;

/// <summary>
/// Distinguishes words in the path of a URL from ids, tokens and e-mail addresses (docs/format/v1.md, section 6.2). A guess, in favour of
/// privacy; linear in the text.
/// </summary>
internal static class SegmentRule
{
    private const string Id = "{id}";
    private const string Token = "{token}";
    private const string Email = "{email}";

    private const int MaxDecodings = 3;
    private const int LongestWord = 32;
    private const int ShortestToken = 16;
    private const int LongUnbroken = 24;

    /// <returns>What takes the segment's place; <see langword="null"/> when it stays.</returns>
    public static string? Replacement(ReadOnlySpan<char> segment)
    {
        if (segment.Contains('%'))
        {
            return OfText(Decode(segment.ToString()));
        }

        return segment is Id or Token or Email ? null : OfText(segment);
    }

    private static string? OfText(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        if (at > 0 && at < text.Length - 1)
        {
            return Email;
        }

        if (text.StartsWith("eyJ", StringComparison.Ordinal) && text.Length >= ShortestToken)
        {
            return Token;
        }

        if (!text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9'))
        {
            return Id;
        }

        var longest = 0;
        var found = false;
        foreach (var word in new WordEnumerator(text))
        {
            longest = Math.Max(longest, word.Length);
            found |= IsOdd(word);
        }

        found |= Whole(text);
        return !found ? null : longest >= ShortestToken || text.Length >= 24 && !IsUuid(text) ? Token : Id;
    }

    private static bool IsUuid(ReadOnlySpan<char> text) => Guid.TryParse(text, out _);

    /// <summary>Random bytes in base64url may hold hyphens and underscores: then the parts look harmless, and the whole does not.</summary>
    private static bool Whole(ReadOnlySpan<char> text)
    {
        if (IsUuid(text))
        {
            return true;
        }

        var shape = new Shape();
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                shape.Add(c);
            }
            else if (c is '-' or '_' or '=' or '+' or '~')
            {
                shape.EndWord();
            }
            else
            {
                return false;
            }
        }

        return shape.LooksRandom(ShortestToken);
    }

    private static bool IsOdd(ReadOnlySpan<char> word)
    {
        if (word.Length >= LongestWord)
        {
            return true;
        }

        var shape = new Shape();
        foreach (var c in word)
        {
            shape.Add(c);
        }

        var letters = shape.Length - shape.Digits;
        if (shape.Digits >= 5)
        {
            return true;
        }

        if (shape.Length >= 8 && shape.Digits >= 1 && letters >= 1 && shape.OnlyHex)
        {
            return true;
        }

        if (shape.Length >= 8 && shape.Digits >= 2 && shape.Turns >= 3)
        {
            return true;
        }

        return shape.LooksRandom(ShortestToken);
    }

    /// <summary>Undoes percent-encoding, also when it was done several times; what is not UTF-8 stays as it is.</summary>
    private static string Decode(string text)
    {
        for (var i = 0; i < MaxDecodings && text.Contains('%', StringComparison.Ordinal); i++)
        {
            text = Uri.UnescapeDataString(text);
        }

        return text;
    }

    /// <summary>What a run of characters looks like.</summary>
    private struct Shape()
    {
        private char _last = '\0';
        private int _wordLength;
        private int _breaks;

        public int Length { get; private set; }

        public int Digits { get; private set; }

        /// <summary>How often letters turn into digits or digits into letters.</summary>
        public int Turns { get; private set; }

        public bool OnlyHex { get; private set; } = true;

        public void Add(char c)
        {
            Length++;
            _wordLength++;
            Digits += char.IsAsciiDigit(c) ? 1 : 0;
            OnlyHex &= char.IsAsciiHexDigit(c);
            if (_wordLength > 1)
            {
                var turn = char.IsAsciiDigit(c) != char.IsAsciiDigit(_last);
                Turns += turn ? 1 : 0;

                // A capital at the beginning of a word is how words are written.
                _breaks += turn || (char.IsUpper(c) != char.IsUpper(_last) && !(_wordLength == 2 && char.IsUpper(_last))) ? 1 : 0;
            }

            _last = c;
        }

        public void EndWord() => _wordLength = 0;

        /// <summary>
        /// In random bytes as text every second character is of another kind than the one before it; in words with capitals inside every
        /// third.
        /// </summary>
        public readonly bool LooksRandom(int minLength) =>
            Length >= minLength && _breaks * 100 >= Length * (Digits > 0 ? 25 : Length >= LongUnbroken ? 30 : 40);
    }

    /// <summary>Goes through the runs of letters and digits.</summary>
    private ref struct WordEnumerator(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly WordEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (!_rest.IsEmpty)
            {
                var length = 0;
                while (length < _rest.Length && char.IsLetterOrDigit(_rest[length]))
                {
                    length++;
                }

                Current = _rest[..length];
                _rest = _rest[Math.Min(length + 1, _rest.Length)..];
                if (length > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
