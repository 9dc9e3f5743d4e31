using System.Buffers.Binary;

namespace SessionReplay;

/// <summary>Tells two batches of one name apart: 12 bytes, keyed by the session's key (docs/format/v1.md, section 3.1).</summary>
/// <param name="High">The first 8 bytes.</param>
/// <param name="Low">The last 4 bytes.</param>
public readonly record struct BatchDigest(ulong High, uint Low)
{
    /// <summary>The size in bytes.</summary>
    public const int Size = 12;

    /// <summary>Reads a digest.</summary>
    /// <param name="source">At least <see cref="Size"/> bytes.</param>
    /// <returns>The digest.</returns>
    public static BatchDigest Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt32BigEndian(source[8..]));

    /// <summary>Writes the digest.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], Low);
    }

    /// <summary>Gives the digest as bytes.</summary>
    /// <returns><see cref="Size"/> bytes.</returns>
    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }
}
