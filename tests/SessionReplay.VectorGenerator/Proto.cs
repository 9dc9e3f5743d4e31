using System.Text;

namespace SessionReplay.VectorGenerator;

/// <summary>Writes protobuf fields by hand, right and wrong ones.</summary>
internal static class Proto
{
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    public static byte[] Number(int field, ulong value) => [.. Varint((ulong)field << 3), .. Varint(value)];

    public static byte[] Block(int field, byte[] content) =>
        [.. Varint(((ulong)field << 3) | 2), .. Varint((ulong)content.Length), .. content];

    public static byte[] Text(int field, string text) => Block(field, Encoding.UTF8.GetBytes(text));
}
