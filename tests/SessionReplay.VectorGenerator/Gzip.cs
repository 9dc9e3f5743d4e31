using System.Buffers.Binary;

namespace SessionReplay.VectorGenerator;

/// <summary>A gzip member of stored blocks: what a compressor writes differs from version to version, this does not.</summary>
internal static class Gzip
{
    public static byte[] Member(byte[] content)
    {
        var member = new List<byte> { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff };
        var at = 0;
        do
        {
            var size = Math.Min(content.Length - at, ushort.MaxValue);
            var last = at + size == content.Length;
            member.AddRange([last ? (byte)1 : (byte)0, (byte)size, (byte)(size >> 8), (byte)~size, (byte)(~size >> 8)]);
            member.AddRange(content.AsSpan(at, size).ToArray());
            at += size;
        }
        while (at < content.Length);

        var trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Checksum.Of(content, 0xedb88320));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), (uint)content.Length);
        return [.. member, .. trailer];
    }
}
