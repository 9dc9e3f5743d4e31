namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// A name in its words, in lower case and without what divides them: <c>newPassword</c>, <c>new-password</c> and <c>NEW_PASSWORD</c> are
/// the words <c>new</c> and <c>password</c>. Borders are capitals behind small letters, the last of several capitals, digits, and
/// everything else that is not a letter.
/// </summary>
internal ref struct NameWords
{
    /// <summary>How much of a name counts: its last so many bytes.</summary>
    public const int MaxLength = 64;
    private const int MaxWords = 24;

    private readonly Span<char> _joined;
    private readonly Span<int> _starts;
    private readonly int _length;

    /// <param name="name">The name.</param>
    /// <param name="joined">Room for <see cref="MaxLength"/> characters.</param>
    /// <param name="starts">Room for 25 numbers.</param>
    public NameWords(ReadOnlySpan<byte> name, Span<char> joined, Span<int> starts)
    {
        _joined = joined;
        _starts = starts;
        var inWord = false;
        for (var i = 0; i < name.Length; i++)
        {
            var b = name[i];
            if (!Bytes.IsLetter(b) || Count == MaxWords)
            {
                inWord = false;
                continue;
            }

            if (!inWord || IsBorder(name, i))
            {
                _starts[Count++] = _length;
            }

            inWord = true;
            _joined[_length++] = (char)(b | 0x20);
        }

        _starts[Count] = _length;
    }

    /// <summary>The number of words.</summary>
    public int Count { get; private set; }

    /// <summary>The words without borders.</summary>
    public readonly ReadOnlySpan<char> Joined => _joined[.._length];

    /// <summary>A word.</summary>
    public readonly ReadOnlySpan<char> this[int index] => _joined[_starts[index].._starts[index + 1]];

    /// <summary>The words from one on, without borders.</summary>
    public readonly ReadOnlySpan<char> From(int index) => Joined[_starts[index]..];

    private static bool IsBorder(ReadOnlySpan<byte> name, int i) =>
        Bytes.IsUpper(name[i])
        && (!Bytes.IsUpper(name[i - 1]) || (i + 1 < name.Length && Bytes.IsLetter(name[i + 1]) && !Bytes.IsUpper(name[i + 1])));
}
