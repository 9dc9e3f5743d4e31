using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Reads separators between groups of digits.</summary>
internal static class GroupSeparators
{
    private const int MaxSpaces = 4;

    /// <summary>Reads the separator at an index.</summary>
    /// <returns>Its length in bytes; 0 when there is none.</returns>
    public static int Read(ReadOnlySpan<byte> text, int index, out GroupSeparator kind)
    {
        var length = ReadOne(text, index, out kind);
        if (kind != GroupSeparator.Space)
        {
            // " - " is one separator, and so are dots and slashes with a space behind them.
            return length == 0 ? 0 : length + SpacesFrom(text, index + length, MaxSpaces);
        }

        length += SpacesFrom(text, index + length, MaxSpaces - 1);
        var dash = ReadOne(text, index + length, out var second);
        if (second is GroupSeparator.Dash)
        {
            kind = second;
            length += dash + SpacesFrom(text, index + length + dash, MaxSpaces);
        }

        return length;
    }

    /// <summary>Reads one space of any form at an index, or one dash.</summary>
    public static int ReadOne(ReadOnlySpan<byte> text, int index, out GroupSeparator kind)
    {
        kind = GroupSeparator.None;
        if ((uint)index >= (uint)text.Length)
        {
            return 0;
        }

        var b = text[index];
        var length = 1;
        kind = b switch
        {
            (byte)' ' or (byte)'\t' or (byte)'+' => GroupSeparator.Space,
            (byte)'-' => GroupSeparator.Dash,
            (byte)'.' or (byte)'/' or (byte)'_' => GroupSeparator.Dot,
            (byte)'%' => Encoded(text, index, out length),
            (byte)'&' => Entity(text, index, out length),
            >= 0xC2 => Wide(text, index, out length),
            _ => GroupSeparator.None,
        };
        return kind == GroupSeparator.None ? 0 : length;
    }

    private static int SpacesFrom(ReadOnlySpan<byte> text, int start, int most)
    {
        var i = start;
        for (var count = 0; count < most && ReadOne(text, i, out var kind) is > 0 and var length && kind == GroupSeparator.Space; count++)
        {
            i += length;
        }

        return i - start;
    }

    private static GroupSeparator Encoded(ReadOnlySpan<byte> text, int index, out int length) =>
        OfRune(EncodedRune.Read(text, index, out length));

    private static GroupSeparator Entity(ReadOnlySpan<byte> text, int index, out int length)
    {
        var rest = text[index..Math.Min(text.Length, index + 10)];
        length = rest.IndexOf((byte)';') + 1;
        if (length == 0)
        {
            return GroupSeparator.None;
        }

        var name = rest[1..(length - 1)];
        return name.SequenceEqual("nbsp"u8) || name.SequenceEqual("#160"u8) || name.SequenceEqual("#xa0"u8) || name.SequenceEqual("#xA0"u8)
            || name.SequenceEqual("#32"u8)
            || name.SequenceEqual("thinsp"u8) || name.SequenceEqual("ensp"u8) || name.SequenceEqual("emsp"u8)
            || name.SequenceEqual("#8239"u8) || name.SequenceEqual("#8201"u8)
            ? GroupSeparator.Space
            : name.SequenceEqual("ndash"u8) || name.SequenceEqual("mdash"u8) || name.SequenceEqual("shy"u8) || name.SequenceEqual("#45"u8)
            || name.SequenceEqual("#8211"u8)
            || name.SequenceEqual("#8209"u8)
            ? GroupSeparator.Dash
            : GroupSeparator.None;
    }

    private static GroupSeparator Wide(ReadOnlySpan<byte> text, int index, out int length) =>
        Rune.DecodeFromUtf8(text[index..], out var rune, out length) == System.Buffers.OperationStatus.Done
            ? OfRune(rune.Value)
            : GroupSeparator.None;

    private static GroupSeparator OfRune(int value) => value switch
    {
        // Spaces of Unicode, and characters without width that pages put between groups.
        ' ' or '\t' or 0xA0 or (>= 0x2000 and <= 0x200D) or 0x202F or 0x205F or 0x2060 or 0x3000 or 0xFEFF => GroupSeparator.Space,
        '-' or 0xAD or (>= 0x2010 and <= 0x2015) or 0x2212 or 0xFE58 or 0xFE63 or 0xFF0D => GroupSeparator.Dash,
        '.' or '/' or '_' or 0xB7 or 0xFF0E => GroupSeparator.Dot,
        _ => GroupSeparator.None,
    };
}
