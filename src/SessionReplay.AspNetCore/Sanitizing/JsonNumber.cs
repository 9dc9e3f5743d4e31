namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Reads numbers of JSON as the integers that they are: <c>4111111111111111.0</c> and <c>4.111111111111111e15</c> are one number.</summary>
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
        var mantissa = number.TrimStart((byte)'-');
        var exponent = 0;
        if (mantissa.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var e)
        {
            if (!System.Buffers.Text.Utf8Parser.TryParse(mantissa[(e + 1)..].TrimStart((byte)'+'), out exponent, out _) || exponent is < -64 or > 64)
            {
                return false;
            }

            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf((byte)'.');
        var integerDigits = (point < 0 ? mantissa.Length : point) + exponent;
        if (integerDigits < 1)
        {
            return false;
        }

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

        return count > 0;
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
