namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Recognizes payment card numbers: a prefix of a card network with a length that the network issues (ISO/IEC 7812 and the networks'
/// published ranges), then the Luhn check digit.
/// </summary>
internal static class CardNumber
{
    /// <summary>The fewest digits of a number; only Maestro issues so few.</summary>
    public const int MinDigits = 12;
    public const int MaxDigits = 19;

    private const int PrefixDigits = 6;

    private static readonly Range[] Ranges =
    [
        new(220000, 220599, 16, 19), // Mir, Borica
        new(222100, 272099, 16, 16), // Mastercard
        new(300000, 305999, 14, 19), // Diners Club
        new(309500, 309599, 14, 19),
        new(340000, 349999, 15, 15), // American Express
        new(352800, 358999, 16, 19), // JCB
        new(360000, 369999, 14, 19), // Diners Club
        new(370000, 379999, 15, 15), // American Express
        new(380000, 399999, 14, 19), // Diners Club, Hipercard (384100, 384140, 384160)
        new(400000, 499999, 13, 13), // Visa
        new(400000, 499999, 16, 16), // Visa, and the Elo, Dankort and Switch ranges within
        new(400000, 499999, 19, 19),
        new(490300, 490599, 16, 19), // Switch
        new(491100, 491199, 16, 19),
        new(493600, 493699, 12, 19), // Switch, Maestro
        new(500000, 509999, 12, 19), // Maestro, Dankort, Elo, Verve, RuPay
        new(510000, 559999, 16, 16), // Mastercard
        new(560000, 589999, 12, 19), // Maestro, Naranja
        new(600000, 609999, 16, 16), // Discover, RuPay, Hipercard (606282), Cabal
        new(601100, 601199, 16, 19), // Discover
        new(620000, 629999, 16, 19), // UnionPay, Elo (627780)
        new(630400, 630499, 12, 19), // Maestro
        new(633100, 633499, 16, 19), // Switch, Solo
        new(636000, 637999, 16, 16), // InterPayment, Elo (636297, 636368), Hipercard (637095 to 637612)
        new(639000, 639099, 12, 17), // Maestro; not 18 digits, which ticks of .NET have
        new(639000, 639099, 19, 19),
        new(644000, 659999, 16, 19), // Discover, Elo, Verve, RuPay
        new(670000, 679999, 12, 19), // Maestro, Solo
        new(810000, 829999, 16, 19), // UnionPay, RuPay
        new(860000, 860099, 16, 16), // Uzcard
        new(979200, 979299, 16, 16), // Troy
        new(986000, 986099, 16, 16), // Humo
    ];

    /// <param name="digits">ASCII digits.</param>
    public static bool IsMatch(ReadOnlySpan<byte> digits) =>
        digits.Length is >= MinDigits and <= MaxDigits && HasKnownPrefix(digits) && HasCheckDigit(digits);

    private static bool HasKnownPrefix(ReadOnlySpan<byte> digits)
    {
        var prefix = 0;
        foreach (var digit in digits[..PrefixDigits])
        {
            prefix = (prefix * 10) + digit - '0';
        }

        foreach (var range in Ranges)
        {
            if (prefix < range.First)
            {
                return false;
            }

            if (prefix <= range.Last && digits.Length >= range.MinLength && digits.Length <= range.MaxLength)
            {
                return true;
            }
        }

        return false;
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

    // In the order of the first prefix.
    private readonly record struct Range(int First, int Last, int MinLength, int MaxLength);
}
