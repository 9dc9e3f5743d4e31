namespace SessionReplay;

/// <summary>
/// The authenticated plaintext header of an asset object (docs/format/v1.md, section 5). SessionReplay.Format reads and writes its 128
/// bytes.
/// </summary>
public readonly record struct AssetHeader
{
    /// <summary>The size of the header in bytes.</summary>
    public const int Size = 128;

    /// <summary>The size of the authentication tag behind the ciphertext in bytes.</summary>
    public const int TagSize = 16;

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
}
