using System.Buffers.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Reads numbers of JSON as the integers that they are: <c>4111111111111111.0</c> and <c>4.111111111111111e15</c> are one number.
/// </summary>
internal static class JsonNumber
{
    /// <summary>Reads a number that is an integer.</summary>
    /// <param name="number">A number as JSON writes it.</param>
    /// <param name="digits">Takes its decimal digits.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>Whether the number is an integer with no more digits than there is room for.</returns>
    public static bool TryReadInteger(ReadOnlySpan<byte> number, Span<byte> digits, out int count)
    {
        count = 0;
        return TrySplit(number.TrimStart((byte)'-'), out var mantissa, out var integerDigits)
            && TryReadMantissa(mantissa, integerDigits, digits, ref count) && count > 0;
    }

    /// <summary>Splits off the exponent.</summary>
    /// <param name="number">A number without a sign.</param>
    /// <param name="mantissa">What stands before the exponent.</param>
    /// <param name="integerDigits">How many digits, from the first of the mantissa, are before the point once the exponent has moved
    /// it.</param>
    private static bool TrySplit(ReadOnlySpan<byte> number, out ReadOnlySpan<byte> mantissa, out int integerDigits)
    {
        mantissa = number;
        integerDigits = 0;
        var exponent = 0;
        if (number.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var e)
        {
            if (!Utf8Parser.TryParse(number[(e + 1)..].TrimStart((byte)'+'), out exponent, out _) || exponent is < -64 or > 64)
            {
                return false;
            }

            mantissa = number[..e];
        }

        var point = mantissa.IndexOf((byte)'.');
        integerDigits = (point < 0 ? mantissa.Length : point) + exponent;
        return integerDigits > 0;
    }

    /// <summary>Reads the digits before the moved point, without leading zeros; those behind it have to be 0.</summary>
    private static bool TryReadMantissa(ReadOnlySpan<byte> mantissa, int integerDigits, Span<byte> digits, ref int count)
    {
        var read = 0;
        foreach (var b in mantissa)
        {
            if (b == '.')
            {
                continue;
            }

            if (read++ >= integerDigits)
            {
                if (b != '0')
                {
                    return false;
                }
            }
            else if ((count > 0 || b != '0') && !TryAdd(digits, ref count, b))
            {
                return false;
            }
        }

        while (read++ < integerDigits)
        {
            if (!TryAdd(digits, ref count, (byte)'0'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryAdd(Span<byte> digits, ref int count, byte digit)
    {
        if (count == digits.Length)
        {
            return false;
        }

        digits[count++] = digit;
        return true;
    }
}
