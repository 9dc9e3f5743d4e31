
namespace SessionReplay.Catalog;

/// <summary>A chunk as the catalog keeps it.</summary>
public sealed record ChunkRow
{
    /// <summary>Gets the window.</summary>
    public required WindowId Window { get; init; }

    /// <summary>Gets the batch's number in its window.</summary>
    public required uint Seq { get; init; }

    /// <summary>Gets where the bytes lie.</summary>
    public required ChunkLocation Location { get; init; }

    /// <summary>Gets what the chunk holds.</summary>
    public required ChunkFlags Flags { get; init; }

    /// <summary>Gets how the payload is compressed.</summary>
    public required ChunkCompression Compression { get; init; }

    /// <summary>Gets the number of events.</summary>
    public required uint EventCount { get; init; }

    /// <summary>Gets the smallest event time, ms on the page's clock.</summary>
    public required long FirstTime { get; init; }

    /// <summary>Gets the greatest event time, ms on the page's clock.</summary>
    public required long LastTime { get; init; }

    /// <summary>
    /// Gets what is to be added to the page's times to get the server's, in ms: the same for all chunks of a window, taken from the first
    /// that was recorded.
    /// </summary>
    public required long ClockOffset { get; init; }

    /// <summary>Gets what distinguishes the batch from another one with the same id.</summary>
    public required BatchDigest Digest { get; init; }

    /// <summary>Gets the sealed facts (field <c>chunk.facts</c>), which say what of this row is authentic.</summary>
    public required ReadOnlyMemory<byte> SealedFacts { get; init; }

    /// <summary>Gets the sealed end of the window (field <c>window.end</c>), the same for all chunks of a window.</summary>
    public required ReadOnlyMemory<byte> SealedWindowEnd { get; init; }
}
