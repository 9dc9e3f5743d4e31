
namespace SessionReplay.Catalog;

/// <summary>What a storage worker records in the catalog about one chunk.</summary>
public sealed record ChunkRecord
{
    /// <summary>Gets the chunk's header; not yet authenticated, for the worker holds no recording key.</summary>
    public required ChunkHeader Header { get; init; }

    /// <summary>Gets where the chunk lies.</summary>
    public required ChunkLocation Location { get; init; }

    /// <summary>Gets the whole chunk, which the catalog is to hold; empty when it lies in an object.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Gets when ingest received it, ms since the Unix epoch on the server's clock.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>Gets what is to be added to the page's times to get the server's, in ms.</summary>
    public required long ClockOffset { get; init; }

    /// <summary>Gets the sealed facts of the chunk as they came with the message; kept for the manifest's markers.</summary>
    public required ReadOnlyMemory<byte> SealedFacts { get; init; }

    /// <summary>
    /// Gets the sealed end of the window as of this chunk (field <c>window.end</c>); the catalog keeps that of the greatest seq of each
    /// window.
    /// </summary>
    public required ReadOnlyMemory<byte> SealedWindowEnd { get; init; }

    /// <summary>Gets what the chunk adds to its session.</summary>
    public required SessionDelta Delta { get; init; }
}
