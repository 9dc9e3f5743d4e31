using System.Collections.Frozen;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Finds international bank account numbers (ISO 13616): country with its length, then the check digits modulo 97. In lower case, as in
/// URLs and in ids made of them, the letters behind the check digits must be one run of a bank code's length: hexadecimal ids are
/// everywhere, and one in 97 would pass.
/// </summary>
internal static class Iban
{
    private const int MaxLength = 34;
    private const int MaxLetters = 6;
    private const byte ToUpper = 0xDF;

    private static readonly FrozenDictionary<int, int> Lengths =
        ("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 "
        + "GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 "
        + "NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
        .Split(' ')
        .ToFrozenDictionary(
            entry => (entry[0] << 8) | entry[1], entry => int.Parse(entry.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Looks for one that begins at an index.</summary>
    /// <returns>Its length in bytes, or 0.</returns>
    public static int MatchLength(ReadOnlySpan<byte> text, int start)
    {
        if (start + 15 > text.Length
            || !Lengths.TryGetValue(((text[start] & ToUpper) << 8) | (text[start + 1] & ToUpper), out var expected))
        {
            return 0;
        }

        Span<byte> characters = stackalloc byte[MaxLength];
        var count = 0;
        var hasLower = false;
        var i = start;
        while (true)
        {
            if (Bytes.IsAlphaNumericAt(text, i))
            {
                var isDigit = Bytes.IsDigit(text[i]);
                hasLower |= !isDigit && !Bytes.IsUpper(text[i]);
                characters[count++] = isDigit ? text[i] : (byte)(text[i] & ToUpper);
                i++;
                if (count == expected)
                {
                    break;
                }

                continue;
            }

            // Groups of four may be apart.
            var separator = count % 4 == 0 ? SpaceOrDash(text, i) : 0;
            if (separator == 0)
            {
                return 0;
            }

            i += separator;
        }

        return !Bytes.IsAlphaNumericAt(text, i) && HasCheckDigits(characters[..count])
            && (!hasLower || HasOneRunOfLetters(characters[4..count])) ? i - start : 0;
    }

    private static int SpaceOrDash(ReadOnlySpan<byte> text, int index) =>
        GroupSeparators.Read(text, index, out var kind) is var length && kind is GroupSeparator.Space or GroupSeparator.Dash ? length : 0;

    private static bool HasOneRunOfLetters(ReadOnlySpan<byte> account)
    {
        var first = account.IndexOfAnyInRange((byte)'A', (byte)'Z');
        var last = account.LastIndexOfAnyInRange((byte)'A', (byte)'Z');
        return first < 0 || (last - first < MaxLetters && !account[first..last].ContainsAnyInRange((byte)'0', (byte)'9'));
    }

    private static bool HasCheckDigits(ReadOnlySpan<byte> characters)
    {
        var rest = 0;
        for (var i = 0; i < characters.Length; i++)
        {
            var c = characters[(i + 4) % characters.Length];
            rest = Bytes.IsDigit(c) ? ((rest * 10) + c - '0') % 97 : ((rest * 100) + c - 'A' + 10) % 97;
        }

        return rest == 1;
    }
}
