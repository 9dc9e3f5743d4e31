namespace SessionReplay.Catalog;

/// <summary>A chunk whose bytes were copied to an object.</summary>
/// <param name="Window">The window.</param>
/// <param name="Seq">The batch's number in its window.</param>
/// <param name="From">The place before.</param>
/// <param name="To">The place now.</param>
public readonly record struct MovedChunk(WindowId Window, uint Seq, ChunkLocation From, ChunkLocation To);
