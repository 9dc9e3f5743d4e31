namespace SessionReplay.Format;

/// <summary>Writes the numbers of a DOM block (docs/format/v1.md, section 2.4).</summary>
internal sealed class BlockBytes
{
    public List<byte> Written { get; } = [];

    public void Byte(byte value) => Written.Add(value);

    public void Number(long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Written.Add((byte)(value | 0x80));
        }

        Written.Add((byte)value);
    }

    /// <summary>Writes an integer that may be negative: twice its absolute value, plus 1 if it is.</summary>
    public void Signed(long value) => Number((Math.Abs(value) << 1) | (value < 0 ? 1L : 0));
}
