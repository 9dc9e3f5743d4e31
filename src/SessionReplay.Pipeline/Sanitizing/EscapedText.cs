using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Goes over a JSON string that holds escapes: unescapes it, and when something was found writes it back escaped. That is never longer than
/// before; what is left goes behind the closing quote as spaces, so that nothing else moves.
/// </summary>
internal static class EscapedText
{
    /// <param name="token">The content of the string and its closing quote; its escapes are well-formed.</param>
    /// <param name="pass">Goes over the text.</param>
    /// <param name="wholly">Whether the whole text is to be taken out, whatever it is.</param>
    /// <param name="isCss">Whether the text is a stylesheet.</param>
    public static void Redact(Span<byte> token, SanitizePass pass, bool wholly, bool isCss = false)
    {
        var content = token[..^1];
        if (!wholly && pass.IsClean(content))
        {
            return;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(token.Length);
        try
        {
            var text = scratch.AsSpan(0, Unescape(content, scratch));
            var before = pass.Total;
            if (wholly)
            {
                pass.Redact(text, BuiltInRule.Field);
            }
            else if (isCss)
            {
                pass.Css(text);
            }
            else
            {
                pass.Text(text);
            }

            if (pass.Total != before)
            {
                var length = Escape(text, token);
                token[length] = (byte)'"';
                token[(length + 1)..].Fill((byte)' ');
            }
        }
        finally
        {
            scratch.AsSpan(0, token.Length).Clear();
            ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
        }
    }

    internal static int Unescape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        while (source.IndexOf((byte)'\\') is >= 0 and var plain)
        {
            source[..plain].CopyTo(destination[written..]);
            written += plain;
            source = source[plain..];
            if (source[1] == 'u')
            {
                written += UnescapeUnit(ref source, destination[written..]);
            }
            else
            {
                destination[written++] = source[1] switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    var same => same,
                };
                source = source[2..];
            }
        }

        source.CopyTo(destination[written..]);
        return written + source.Length;
    }

    /// <summary>Unescapes a <c>\u….</c>, or the two of a surrogate pair, and moves behind it.</summary>
    /// <returns>How many bytes it is in UTF-8.</returns>
    private static int UnescapeUnit(ref ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var unit = Unit(source);
        source = source[6..];
        if (char.IsHighSurrogate(unit) && source is [(byte)'\\', (byte)'u', ..] && Unit(source) is var low && char.IsLowSurrogate(low))
        {
            source = source[6..];
            return new Rune(unit, low).EncodeToUtf8(destination);
        }

        if (char.IsSurrogate(unit))
        {
            // UTF-8 has no half of a pair, so it is kept in the form that UTF-8 would give it, and written back as it was.
            destination[0] = (byte)(0xE0 | (unit >> 12));
            destination[1] = (byte)(0x80 | ((unit >> 6) & 0x3F));
            destination[2] = (byte)(0x80 | (unit & 0x3F));
            return 3;
        }

        return new Rune(unit).EncodeToUtf8(destination);
    }

    internal static int Escape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var b = source[i];
            var letter = b switch
            {
                (byte)'"' or (byte)'\\' => b,
                (byte)'\n' => (byte)'n',
                (byte)'\r' => (byte)'r',
                (byte)'\t' => (byte)'t',
                (byte)'\b' => (byte)'b',
                (byte)'\f' => (byte)'f',
                _ => (byte)0,
            };
            if (letter != 0)
            {
                destination[written++] = (byte)'\\';
                destination[written++] = letter;
            }
            else if (b < ' ')
            {
                written += WriteUnit(b, destination[written..]);
            }
            else if (b == 0xED && i + 2 < source.Length && source[i + 1] >= 0xA0)
            {
                written += WriteUnit(((b & 0xF) << 12) | ((source[i + 1] & 0x3F) << 6) | (source[i + 2] & 0x3F), destination[written..]);
                i += 2;
            }
            else
            {
                destination[written++] = b;
            }
        }

        return written;
    }

    private static char Unit(ReadOnlySpan<byte> escape)
    {
        Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x');
        return (char)unit;
    }

    private static int WriteUnit(int unit, Span<byte> destination)
    {
        "\\u"u8.CopyTo(destination);
        Utf8Formatter.TryFormat((ushort)unit, destination[2..], out _, new StandardFormat('x', 4));
        return 6;
    }
}
