using SessionReplay.Format;

namespace SessionReplay.Catalog;

/// <summary>A part of a session that is moved from one catalog to another.</summary>
public sealed record SessionPart
{
    /// <summary>Gets chunks, at most 1,000.</summary>
    public IReadOnlyList<ChunkRow> Chunks { get; init; } = [];

    /// <summary>Gets what the session is found by, at most 1,000.</summary>
    public IReadOnlyList<SealedName> Terms { get; init; } = [];

    /// <summary>Gets the assets that the session names; those that the catalog does not know are passed over.</summary>
    public IReadOnlyList<ContentHash> Assets { get; init; } = [];

    /// <summary>Gets whether this is the last part: the session's row takes all of its values.</summary>
    public bool IsLast { get; init; }
}
