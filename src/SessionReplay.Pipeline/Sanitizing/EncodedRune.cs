using System.Buffers;
using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Reads a character whose UTF-8 bytes are percent-encoded, once or twice: <c>%34</c>, <c>%2534</c>, <c>%D9%A4</c>.</summary>
internal static class EncodedRune
{
    /// <summary>Reads the character at an index.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Where the percent sign stands.</param>
    /// <param name="length">The length of all its forms in bytes.</param>
    /// <returns>The character's code, or -1.</returns>
    public static int Read(ReadOnlySpan<byte> text, int index, out int length)
    {
        var first = Bytes.Percent(text, index, out length);
        if (first < 0x80)
        {
            return first;
        }

        Span<byte> utf8 = stackalloc byte[4];
        utf8[0] = (byte)first;
        var count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        for (var i = 1; i < count; i++)
        {
            var more = 0;
            var next = Bytes.IsAt(text, index + length, '%') ? Bytes.Percent(text, index + length, out more) : -1;
            if (next < 0x80)
            {
                return -1;
            }

            utf8[i] = (byte)next;
            length += more;
        }

        return Rune.DecodeFromUtf8(utf8[..count], out var rune, out _) == OperationStatus.Done ? rune.Value : -1;
    }
}
