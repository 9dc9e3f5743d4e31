namespace SessionReplay;

/// <summary>How the payload of a chunk or asset is compressed.</summary>
public enum ChunkCompression : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>One gzip member (RFC 1952).</summary>
    Gzip = 1,
}
