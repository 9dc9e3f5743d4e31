using System.Buffers;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Classes of bytes, and what counts as the border of a word.</summary>
internal static class Bytes
{
    public static readonly SearchValues<byte> AlphaNumeric = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    public static readonly SearchValues<byte> KeyBody = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"u8);
    public static readonly SearchValues<byte> TokenBody = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.~+/="u8);

    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    public static bool IsUpper(byte b) => (uint)(b - 'A') <= 'Z' - 'A';

    public static bool IsLetter(byte b) => (uint)((b | 0x20) - 'a') <= 'z' - 'a';

    public static bool IsAlphaNumeric(byte b) => IsDigit(b) || IsLetter(b);

    public static bool IsAlphaNumericAt(ReadOnlySpan<byte> text, int index) =>
        (uint)index < (uint)text.Length && IsAlphaNumeric(text[index]);

    public static bool IsDigitAt(ReadOnlySpan<byte> text, int index) => (uint)index < (uint)text.Length && IsDigit(text[index]);

    public static bool IsLetterAt(ReadOnlySpan<byte> text, int index) => (uint)index < (uint)text.Length && IsLetter(text[index]);

    public static bool IsAt(ReadOnlySpan<byte> text, int index, char character) =>
        (uint)index < (uint)text.Length && text[index] == character;

    public static bool IsWhiteSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';

    /// <summary>
    /// Whether a word begins at an index: no letter or digit stands before it, or those before it are a percent form such as <c>%22</c>.
    /// </summary>
    public static bool IsWordStart(ReadOnlySpan<byte> text, int index) =>
        !IsAlphaNumericAt(text, index - 1) || EndsWithPercentForm(text[..index]);

    /// <summary>The number of bytes from <paramref name="start"/> on that are in a class.</summary>
    public static int Run(ReadOnlySpan<byte> text, int start, SearchValues<byte> allowed)
    {
        if (start >= text.Length)
        {
            return 0;
        }

        var length = text[start..].IndexOfAnyExcept(allowed);
        return length < 0 ? text.Length - start : length;
    }

    /// <summary>The byte that <c>%XX</c> or <c>%25XX</c> at an index stands for, or -1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Where the percent sign stands.</param>
    /// <param name="length">The length of the form in bytes.</param>
    public static int Percent(ReadOnlySpan<byte> text, int index, out int length)
    {
        length = 3;
        var value = Hex(text, index + 1);
        if (value == '%' && Hex(text, index + 3) is >= 0 and var inner)
        {
            length = 5;
            return inner;
        }

        return value;
    }

    private static bool EndsWithPercentForm(ReadOnlySpan<byte> text) =>
        text.Length >= 3 && text[^3] == '%' && Hex(text, text.Length - 2) >= 0;

    private static int Hex(ReadOnlySpan<byte> text, int index)
    {
        if (index + 1 >= text.Length)
        {
            return -1;
        }

        var high = HexValue(text[index]);
        var low = HexValue(text[index + 1]);
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
