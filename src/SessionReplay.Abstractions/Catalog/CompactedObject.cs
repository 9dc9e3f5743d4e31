namespace SessionReplay.Catalog;

/// <summary>An object that was written from chunks of a session.</summary>
public sealed record CompactedObject
{
    /// <summary>Gets the key of the object.</summary>
    public required string Key { get; init; }

    /// <summary>Gets whether it is the recording object, with all chunks of an ended session; else it holds some of its chunks.</summary>
    public required bool IsRecording { get; init; }

    /// <summary>Gets each chunk with its place before and its place in the object. One that has moved since is not changed.</summary>
    public required IReadOnlyList<MovedChunk> Moved { get; init; }

    /// <summary>
    /// Gets the objects that are superfluous from then on. Those in which no chunk of the session lies any more are noted for
    /// <see cref="ISessionLifecycle.ListReplacedAsync"/>.
    /// </summary>
    public IReadOnlyCollection<string> Replaced { get; init; } = [];
}
