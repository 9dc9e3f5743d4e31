using System.Buffers.Binary;

namespace SessionReplay.Format;

/// <summary>Reads and writes the header of an asset object: 128 bytes (docs/format/v1.md, section 5).</summary>
public static class AssetHeaderCodec
{
    private const uint Magic = 0x53524153;
    private const int NonceOffset = 88;
    private const int CommitmentOffset = 100;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="source">At least <see cref="AssetHeader.Size"/> bytes.</param>
    /// <returns>The header. It is authentic only once the asset was opened.</returns>
    /// <exception cref="FormatRejectedException">Rule C1, C2 or C3 is broken.</exception>
    public static AssetHeader Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < AssetHeader.Size)
        {
            throw new FormatRejectedException("C1", "The asset is shorter than its header.");
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(source) != Magic || source[4] != 1 || source[5] != 1
            || source[6] > (byte)ChunkCompression.Gzip
            || source[7] is < (byte)AssetMediaType.Css or > (byte)AssetMediaType.Woff
            || source[116..AssetHeader.Size].ContainsAnyExcept((byte)0))
        {
            throw new FormatRejectedException(
                "C2", "The magic, version, algorithm, compression or media type of the asset is unknown, or a reserved byte is not zero.");
        }

        return new AssetHeader
        {
            Tenant = ChunkHeaderCodec.ReadTenant(source.Slice(8, TenantId.MaxLength)),
            Hash = ContentHash.FromBytes(source.Slice(48, 32)),
            Compression = (ChunkCompression)source[6],
            MediaType = (AssetMediaType)source[7],
            ContentLength = BinaryPrimitives.ReadUInt32BigEndian(source[80..]),
            PayloadLength = BinaryPrimitives.ReadUInt32BigEndian(source[84..]),
        };
    }

    /// <summary>Writes the header.</summary>
    /// <param name="header">The header.</param>
    /// <param name="destination">At least <see cref="AssetHeader.Size"/> bytes.</param>
    /// <param name="nonce">12 random bytes.</param>
    /// <param name="commitment">The 16 bytes of the key commitment.</param>
    public static void Write(this in AssetHeader header, Span<byte> destination, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> commitment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, AssetHeader.Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, ChunkHeaderCodec.NonceSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(commitment.Length, ChunkHeaderCodec.CommitmentSize);
        destination = destination[..AssetHeader.Size];
        destination.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination, Magic);
        destination[4] = 1;
        destination[5] = 1;
        destination[6] = (byte)header.Compression;
        destination[7] = (byte)header.MediaType;
        ChunkHeaderCodec.WriteTenant(header.Tenant, destination.Slice(8, TenantId.MaxLength));
        header.Hash.ToBytes().CopyTo(destination[48..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[80..], header.ContentLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[84..], header.PayloadLength);
        nonce.CopyTo(destination[NonceOffset..]);
        commitment.CopyTo(destination[CommitmentOffset..]);
    }

    /// <summary>Gets the nonce in a header's bytes.</summary>
    /// <param name="header">At least <see cref="AssetHeader.Size"/> bytes.</param>
    /// <returns>12 bytes within <paramref name="header"/>.</returns>
    public static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> header) => header.Slice(NonceOffset, ChunkHeaderCodec.NonceSize);

    /// <summary>Gets the key commitment in a header's bytes.</summary>
    /// <param name="header">At least <see cref="AssetHeader.Size"/> bytes.</param>
    /// <returns>16 bytes within <paramref name="header"/>.</returns>
    public static ReadOnlySpan<byte> CommitmentOf(ReadOnlySpan<byte> header) =>
        header.Slice(CommitmentOffset, ChunkHeaderCodec.CommitmentSize);
}
