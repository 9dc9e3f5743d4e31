using System.Buffers.Binary;

namespace SessionReplay.Format;

/// <summary>The authenticated plaintext header of an asset object: 128 bytes (docs/format/v1.md, section 5).</summary>
public readonly record struct AssetHeader
{
    /// <summary>The size of the header in bytes.</summary>
    public const int Size = 128;

    /// <summary>The size of the authentication tag behind the ciphertext in bytes.</summary>
    public const int TagSize = 16;

    private const uint Magic = 0x53524153;
    private const int NonceOffset = 88;
    private const int CommitmentOffset = 100;

    /// <summary>Gets the tenant that owns the asset.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Gets the SHA-256 of the content as the page had it, before sanitizing.</summary>
    public required ContentHash Hash { get; init; }

    /// <summary>Gets how the payload is compressed.</summary>
    public required ChunkCompression Compression { get; init; }

    /// <summary>Gets the media type.</summary>
    public required AssetMediaType MediaType { get; init; }

    /// <summary>Gets the size of the content before compression in bytes.</summary>
    public required uint ContentLength { get; init; }

    /// <summary>Gets the size of the ciphertext without the tag in bytes.</summary>
    public required uint PayloadLength { get; init; }

    /// <summary>Gets the size of the whole object in bytes.</summary>
    public long ObjectLength => Size + (long)PayloadLength + TagSize;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="source">At least <see cref="Size"/> bytes.</param>
    /// <returns>The header. It is authentic only once the asset was opened.</returns>
    /// <exception cref="FormatRejectedException">Rule C1, C2 or C3 is broken.</exception>
    public static AssetHeader Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < Size)
        {
            throw new FormatRejectedException("C1", "The asset is shorter than its header.");
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(source) != Magic || source[4] != 1 || source[5] != 1 || source[6] > (byte)ChunkCompression.Gzip
            || source[7] is < (byte)AssetMediaType.Css or > (byte)AssetMediaType.Woff || source[116..Size].ContainsAnyExcept((byte)0))
        {
            throw new FormatRejectedException("C2", "The magic, version, algorithm, compression or media type of the asset is unknown, or a reserved byte is not zero.");
        }

        return new AssetHeader
        {
            Tenant = ChunkHeader.ReadTenant(source.Slice(8, TenantId.MaxLength)),
            Hash = ContentHash.FromBytes(source.Slice(48, 32)),
            Compression = (ChunkCompression)source[6],
            MediaType = (AssetMediaType)source[7],
            ContentLength = BinaryPrimitives.ReadUInt32BigEndian(source[80..]),
            PayloadLength = BinaryPrimitives.ReadUInt32BigEndian(source[84..]),
        };
    }

    /// <summary>Writes the header.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <param name="nonce">12 random bytes.</param>
    /// <param name="commitment">The 16 bytes of the key commitment.</param>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> commitment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, ChunkHeader.NonceSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(commitment.Length, ChunkHeader.CommitmentSize);
        destination = destination[..Size];
        destination.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination, Magic);
        destination[4] = 1;
        destination[5] = 1;
        destination[6] = (byte)Compression;
        destination[7] = (byte)MediaType;
        ChunkHeader.WriteTenant(Tenant, destination.Slice(8, TenantId.MaxLength));
        Hash.ToBytes().CopyTo(destination[48..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[80..], ContentLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[84..], PayloadLength);
        nonce.CopyTo(destination[NonceOffset..]);
        commitment.CopyTo(destination[CommitmentOffset..]);
    }

    /// <summary>Gets the nonce in a header's bytes.</summary>
    /// <param name="header">At least <see cref="Size"/> bytes.</param>
    /// <returns>12 bytes within <paramref name="header"/>.</returns>
    public static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> header) => header.Slice(NonceOffset, ChunkHeader.NonceSize);

    /// <summary>Gets the key commitment in a header's bytes.</summary>
    /// <param name="header">At least <see cref="Size"/> bytes.</param>
    /// <returns>16 bytes within <paramref name="header"/>.</returns>
    public static ReadOnlySpan<byte> CommitmentOf(ReadOnlySpan<byte> header) => header.Slice(CommitmentOffset, ChunkHeader.CommitmentSize);
}
