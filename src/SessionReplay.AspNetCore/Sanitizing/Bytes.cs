using System.Buffers;

namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Classes of bytes, and what counts as the border of a word.</summary>
internal static class Bytes
{
    public static readonly SearchValues<byte> AlphaNumeric = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    public static readonly SearchValues<byte> KeyBody = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);
    public static readonly SearchValues<byte> TokenBody = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~+/="u8);
    public static readonly SearchValues<byte> NameBody = KeyBody;

    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    public static bool IsUpper(byte b) => (uint)(b - 'A') <= 'Z' - 'A';

    public static bool IsLetter(byte b) => (uint)((b | 0x20) - 'a') <= 'z' - 'a';

    public static bool IsAlphaNumeric(byte b) => IsDigit(b) || IsLetter(b);

    public static bool IsAlphaNumericAt(ReadOnlySpan<byte> text, int index) => (uint)index < (uint)text.Length && IsAlphaNumeric(text[index]);

    public static bool IsDigitAt(ReadOnlySpan<byte> text, int index) => (uint)index < (uint)text.Length && IsDigit(text[index]);

    /// <summary>The number of bytes from <paramref name="start"/> on that are in a class.</summary>
    public static int Run(ReadOnlySpan<byte> text, int start, SearchValues<byte> allowed)
    {
        var length = text[start..].IndexOfAnyExcept(allowed);
        return length < 0 ? text.Length - start : length;
    }

    /// <summary>The byte that <c>%XX</c> at a place stands for, or -1.</summary>
    public static int Percent(ReadOnlySpan<byte> text, int index)
    {
        if (index + 2 >= text.Length)
        {
            return -1;
        }

        var high = HexValue(text[index + 1]);
        var low = HexValue(text[index + 2]);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    private static int HexValue(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
