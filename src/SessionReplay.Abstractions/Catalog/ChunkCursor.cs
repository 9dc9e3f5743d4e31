namespace SessionReplay.Catalog;

/// <summary>Where a page of a session's chunks ended.</summary>
/// <param name="Window">The window of the last chunk in it.</param>
/// <param name="Seq">The last chunk's number in its window.</param>
public readonly record struct ChunkCursor(WindowId Window, uint Seq);
