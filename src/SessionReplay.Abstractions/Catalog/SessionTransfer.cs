
namespace SessionReplay.Catalog;

/// <summary>What one write moves of a session from one catalog to another. A session takes several of them.</summary>
public sealed record SessionTransfer
{
    /// <summary>Gets chunks, at most 1,000.</summary>
    public IReadOnlyList<ChunkRow> Chunks { get; init; } = [];

    /// <summary>Gets the bytes of those of <see cref="Chunks"/> that the catalog holds.</summary>
    public IReadOnlyList<ChunkBody> Bodies { get; init; } = [];

    /// <summary>Gets what the session is found by, at most 1,000.</summary>
    public IReadOnlyList<SealedName> Terms { get; init; } = [];

    /// <summary>Gets the assets that the session names; those that the catalog does not know are passed over.</summary>
    public IReadOnlyList<ContentHash> Assets { get; init; } = [];

    /// <summary>Gets whether this is the last transfer: the session's row takes all of its values.</summary>
    public bool IsLast { get; init; }
}
