namespace SessionReplay;

/// <summary>
/// The authenticated plaintext header of a chunk (docs/format/v1.md, section 3). SessionReplay.Format reads and writes its 160 bytes.
/// </summary>
public readonly record struct ChunkHeader
{
    /// <summary>The size of the header in bytes.</summary>
    public const int Size = 160;

    /// <summary>The size of the authentication tag behind the ciphertext in bytes.</summary>
    public const int TagSize = 16;

    /// <summary>Gets the chunk's name.</summary>
    public required ChunkId Id { get; init; }

    /// <summary>Gets how the payload is compressed.</summary>
    public required ChunkCompression Compression { get; init; }

    /// <summary>Gets what the chunk holds.</summary>
    public required ChunkFlags Flags { get; init; }

    /// <summary>Gets the number of events.</summary>
    public required uint EventCount { get; init; }

    /// <summary>Gets the smallest event time, in ms since the Unix epoch on the page's clock.</summary>
    public required long FirstTime { get; init; }

    /// <summary>Gets the greatest event time, in ms since the Unix epoch on the page's clock.</summary>
    public required long LastTime { get; init; }

    /// <summary>
    /// Gets when the session's key was made, in ms since the Unix epoch on the server's clock; its UTC day is the day of the blob path.
    /// </summary>
    public required long SessionStarted { get; init; }

    /// <summary>Gets the size of the batch before compression in bytes.</summary>
    public required uint BatchLength { get; init; }

    /// <summary>Gets the size of the ciphertext without the tag in bytes.</summary>
    public required uint PayloadLength { get; init; }

    /// <summary>Gets what distinguishes this batch from another one with the same id.</summary>
    public BatchDigest Digest { get; init; }

    /// <summary>Gets the size of the whole chunk in bytes.</summary>
    public long ChunkLength => Size + (long)PayloadLength + TagSize;
}
