using System.Globalization;
using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Reads a decimal digit in any form that text has: ASCII, any script of Unicode, percent-encoded once or twice.</summary>
internal static class Digit
{
    private static readonly System.Buffers.SearchValues<byte> Leads = System.Buffers.SearchValues.Create(ScriptLeads);

    /// <summary>Whether text holds bytes that may begin a digit of another script, also as an escape of JSON.</summary>
    public static bool MayHoldOtherScripts(ReadOnlySpan<byte> text) => text.IndexOfAny(Leads) >= 0 || text.IndexOf("\\u"u8) >= 0;

    /// <summary>The first bytes of the UTF-8 forms of digits of other scripts.</summary>
    public static ReadOnlySpan<byte> ScriptLeads => [0xD9, 0xDB, 0xDF, 0xE0, 0xE1, 0xEA, 0xEF, 0xF0];

    /// <summary>Reads the digit at an index.</summary>
    /// <returns>Its length in bytes; 0 when there is no digit.</returns>
    public static int Read(ReadOnlySpan<byte> text, int index, out byte value)
    {
        value = 0;
        if ((uint)index >= (uint)text.Length)
        {
            return 0;
        }

        var b = text[index];
        if (b < 0x80)
        {
            value = (byte)(b - '0');
            return Bytes.IsDigit(b) ? 1 : b == '%' ? ReadEncoded(text, index, out value) : 0;
        }

        if (b < 0xD9 || Rune.DecodeFromUtf8(text[index..], out var rune, out var length) != System.Buffers.OperationStatus.Done
            || Rune.GetUnicodeCategory(rune) != UnicodeCategory.DecimalDigitNumber)
        {
            return 0;
        }

        value = (byte)Rune.GetNumericValue(rune);
        return length;
    }

    private static int ReadEncoded(ReadOnlySpan<byte> text, int index, out byte value)
    {
        value = 0;
        if (EncodedRune.Read(text, index, out var length) is not (> 0 and var code) || !Rune.IsValid(code)
            || Rune.GetUnicodeCategory(new Rune(code)) != UnicodeCategory.DecimalDigitNumber)
        {
            return 0;
        }

        value = (byte)Rune.GetNumericValue(new Rune(code));
        return length;
    }
}
