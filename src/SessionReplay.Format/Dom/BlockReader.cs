namespace SessionReplay.Format;

/// <summary>Reads the numbers of a DOM block (docs/format/v1.md, section 2.4).</summary>
internal struct BlockReader
{
    private const int MaxBytes = 8;

    public int At { get; private set; }

    /// <summary>Reads a number at a place and moves behind it.</summary>
    /// <param name="bytes">The bytes up to the end that the number may not cross.</param>
    /// <param name="at">The place.</param>
    /// <param name="value">The number.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        value = 0;
        for (var shift = 0; shift < 7 * MaxBytes && at < bytes.Length; shift += 7)
        {
            var b = bytes[at++];
            value |= (long)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    public static long Signed(long value) => (value & 1) == 0 ? value >> 1 : -(value >> 1);

    public long Number(ReadOnlySpan<byte> bytes)
    {
        var at = At;
        if (!TryRead(bytes, ref at, out var value))
        {
            throw new FormatRejectedException("D1", "A number of a DOM block is cut short, or has more than eight bytes.");
        }

        At = at;
        return value;
    }

    /// <summary>Reads a count of things of which each takes at least one byte.</summary>
    public int Count(ReadOnlySpan<byte> bytes, int max)
    {
        var count = Number(bytes);
        return count <= max && count <= bytes.Length
            ? (int)count
            : throw new FormatRejectedException("D2", $"A DOM block has a count of {count}, which is above the limit.");
    }

    /// <summary>Moves on, and returns where the bytes begin that are skipped.</summary>
    public int Skip(ReadOnlySpan<byte> bytes, long length)
    {
        if (length > bytes.Length - At)
        {
            throw new FormatRejectedException("D1", "A DOM block is cut short.");
        }

        var start = At;
        At += (int)length;
        return start;
    }
}
