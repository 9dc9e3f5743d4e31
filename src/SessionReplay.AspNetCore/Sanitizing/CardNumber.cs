namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Tells payment card numbers from other numbers: issuer prefix with its lengths (ISO/IEC 7812 and the networks' published ranges), then the Luhn check digit.</summary>
internal static class CardNumber
{
    public const int MinDigits = 13;
    public const int MaxDigits = 19;

    /// <param name="digits">ASCII digits.</param>
    public static bool IsMatch(ReadOnlySpan<byte> digits) =>
        digits.Length is >= MinDigits and <= MaxDigits && HasKnownPrefix(digits) && HasCheckDigit(digits);

    private static bool HasKnownPrefix(ReadOnlySpan<byte> digits)
    {
        var six = 0;
        for (var i = 0; i < 6; i++)
        {
            six = (six * 10) + digits[i] - '0';
        }

        var (two, three, four) = (six / 10_000, six / 1_000, six / 100);
        var length = digits.Length;
        return digits[0] switch
        {
            (byte)'2' => (four is >= 2221 and <= 2720 && length == 16) || (four is >= 2200 and <= 2204 && length is >= 16 and <= 19),
            (byte)'3' => (two is 34 or 37 && length == 15)
                || ((three is >= 300 and <= 305 || two is 36 or 38 or 39) && length is >= 14 and <= 19)
                || (four is >= 3528 and <= 3589 && length is >= 16 and <= 19),
            (byte)'4' => length is 13 or 16 or 19,
            (byte)'5' => (two is >= 51 and <= 55 && length == 16) || (four is 5018 or 5020 or 5038 or 5893) || (three == 508 && length == 16),
            (byte)'6' => (four == 6011 || three is >= 644 and <= 649 || two is 65 or 62 || four is 6304 or 6759 || six is >= 676_100 and <= 676_399)
                && length is >= 16 and <= 19,
            (byte)'9' => four == 9792 && length == 16,
            _ => false,
        };
    }

    private static bool HasCheckDigit(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            if ((i & 1) == 1)
            {
                digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            }

            sum += digit;
        }

        return sum % 10 == 0;
    }
}
