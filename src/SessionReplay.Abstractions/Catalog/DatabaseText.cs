using System.Text;

namespace SessionReplay.Catalog;

/// <summary>Brings texts of the outside into a form that every database keeps and gives back unchanged.</summary>
public static class DatabaseText
{
    private const char Replacement = '\uFFFD';

    /// <summary>A char of UTF-16; the two of a pair have four bytes together.</summary>
    private const int MaxBytesOfChar = 3;

    /// <summary>
    /// Replaces what some database refuses, or cuts a text at: the character NUL, and halves of surrogate pairs, which UTF-8 does not have.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with U+FFFD in their place; the same object when there is none.</returns>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0') || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
            ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', Replacement)
            : text;
    }

    /// <summary>Truncates a text to a number of bytes in UTF-8, between two characters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The greatest number of bytes.</param>
    /// <returns>The beginning of the text; the same object when it is short enough.</returns>
    public static string Truncate(string text, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        if (text.Length <= maxBytes / MaxBytesOfChar)
        {
            return text;
        }

        var bytes = 0;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                return text[..at];
            }

            at += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>Finds where to truncate a text that is in UTF-8 already.</summary>
    /// <param name="text">The text in valid UTF-8.</param>
    /// <param name="maxBytes">The greatest number of bytes.</param>
    /// <returns>A number of bytes that ends between two characters.</returns>
    public static int TruncateAt(ReadOnlySpan<byte> text, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        if (text.Length <= maxBytes)
        {
            return text.Length;
        }

        // Bytes 10xxxxxx continue a character.
        while (maxBytes > 0 && (text[maxBytes] & 0xC0) == 0x80)
        {
            maxBytes--;
        }

        return maxBytes;
    }
}
