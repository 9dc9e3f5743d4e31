using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SessionReplay.VectorGenerator;

/// <summary>Bytes as the format writes them, and bytes that look random but are always the same.</summary>
internal static class Bytes
{
    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    public static byte[] U32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] I64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Padded(string text, int size) => [.. Ascii(text), .. new byte[size - text.Length]];

    /// <summary>At most 32 bytes, told by a name.</summary>
    public static byte[] Of(string name, int size = 32) => SHA256.HashData(Ascii("vector " + name))[..size];

    /// <summary>A UUIDv7, told by a name.</summary>
    public static byte[] Id(string name)
    {
        byte[] id = [0x01, 0x9b, 0x7c, 0x5a, 0x10, 0x2e, .. Of(name, 10)];
        id[6] = (byte)((id[6] & 0x0f) | 0x70);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return id;
    }

    public static byte[] Flip(byte[] bytes, Index at)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] ^= 1;
        return changed;
    }

    public static byte[] With(byte[] bytes, int at, params byte[] replacement)
    {
        var changed = (byte[])bytes.Clone();
        replacement.CopyTo(changed, at);
        return changed;
    }

    public static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    public static string Sha256(byte[] bytes) => Hex(SHA256.HashData(bytes));
}
