namespace SessionReplay;

/// <summary>Says what a chunk holds (docs/format/v1.md, section 3).</summary>
[Flags]
public enum ChunkFlags : byte
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>The batch holds a full snapshot of the DOM: playback can begin here.</summary>
    FullSnapshot = 1,

    /// <summary>The batch closes its window.</summary>
    LastOfWindow = 2,

    /// <summary>The batch was written by the server, not by a page.</summary>
    Server = 4,
}
