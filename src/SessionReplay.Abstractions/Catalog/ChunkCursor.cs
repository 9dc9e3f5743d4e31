namespace SessionReplay.Catalog;

/// <summary>The place of a chunk among those of its session, for instance where a page of them ended.</summary>
/// <param name="Window">The window.</param>
/// <param name="Seq">The chunk's number in its window.</param>
public readonly record struct ChunkCursor(WindowId Window, uint Seq);
