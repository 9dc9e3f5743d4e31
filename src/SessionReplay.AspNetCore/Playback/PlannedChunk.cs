using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>A chunk of an answer.</summary>
/// <param name="Chunk">The chunk as the catalog knows it.</param>
/// <param name="Problem">Why it cannot be read; <see langword="null"/> when it can.</param>
internal sealed record PlannedChunk(StretchChunk Chunk, Exception? Problem);
