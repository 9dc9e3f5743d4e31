namespace SessionReplay.VectorGenerator;

/// <summary>CRC-32 bit by bit, for any reflected polynomial.</summary>
internal static class Checksum
{
    public const uint Castagnoli = 0x82f63b78;

    public static uint Of(ReadOnlySpan<byte> bytes, uint polynomial)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            }
        }

        return ~crc;
    }
}
