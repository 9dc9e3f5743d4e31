namespace SessionReplay.Catalog;

/// <summary>What became of a <see cref="ChunkRecord"/>.</summary>
public enum RecordOutcome
{
    /// <summary>The chunk is in the catalog now.</summary>
    Recorded,

    /// <summary>A chunk of this name was there before; nothing was changed.</summary>
    Duplicate,

    /// <summary>A chunk of this name with another <see cref="ChunkHeader.Digest"/> was there before; nothing was changed.</summary>
    Conflict,

    /// <summary>The session was deleted; nothing was written.</summary>
    SessionDeleted,
}
