namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Reads the name that stands before an equals sign or a colon.</summary>
internal static class NameBefore
{
    private const int MaxPhrase = 3;

    /// <summary>
    /// The name that ends at an index: <c>user[password]</c>, <c>user%5Bpassword%5D</c> and <c>password[]</c> name the password.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="end">The end of the name.</param>
    /// <param name="start">Where the name begins.</param>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> text, int end, out int start)
    {
        while (true)
        {
            end = WithoutBrackets(text, end);
            start = end;
            while (start > 0 && end - start <= NameWords.MaxLength && IsPart(text[start - 1]))
            {
                start--;
            }

            // %26password: the name begins behind the percent form.
            start += Bytes.IsAt(text, start - 1, '%') && Bytes.Percent(text, start - 1, out var form) >= 0 && end - start >= form
                ? form - 1
                : 0;
            var isIndex = end > start && !text[start..end].ContainsAnyExceptInRange((byte)'0', (byte)'9')
                && (Bytes.IsAt(text, start - 1, '[') || Bytes.IsAt(text, end, ']'));
            if (!isIndex)
            {
                return text[start..end];
            }

            end = start;
        }
    }

    /// <summary>
    /// The start of a name of up to three words with single spaces between them, <c>one-time code</c>, whose last word ends at an index.
    /// </summary>
    public static int PhraseStart(ReadOnlySpan<byte> text, int end)
    {
        var start = end;
        for (var words = 0; words < MaxPhrase; words++)
        {
            var from = start == end ? end : start - 1;
            var word = from;
            while (word > 0 && from - word < NameWords.MaxLength && IsPart(text[word - 1]) && text[word - 1] != '.')
            {
                word--;
            }

            if (word == from)
            {
                break;
            }

            start = word;
            if (!Bytes.IsAt(text, start - 1, ' '))
            {
                break;
            }
        }

        return start;
    }

    private static bool IsPart(byte b) => Bytes.IsAlphaNumeric(b) || b is (byte)'-' or (byte)'_' or (byte)'.';

    private static int WithoutBrackets(ReadOnlySpan<byte> text, int end)
    {
        while (end > 0)
        {
            if (text[end - 1] is (byte)']' or (byte)'[')
            {
                end--;
            }
            else if (end >= 3 && text[end - 3] == '%' && Bytes.Percent(text, end - 3, out _) is ']' or '[')
            {
                end -= 3;
            }
            else
            {
                break;
            }
        }

        return end;
    }
}
