namespace SessionReplay.Format;

/// <summary>Where a chunk lies in a recording object.</summary>
/// <param name="Window">The window.</param>
/// <param name="Seq">The batch's number in its window.</param>
/// <param name="Flags">What the chunk holds.</param>
/// <param name="Offset">Where it begins in the object.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="EventCount">The number of events.</param>
/// <param name="FirstTime">The smallest event time, ms since the Unix epoch on the page's clock.</param>
public readonly record struct RecordingIndexEntry(
    WindowId Window, uint Seq, ChunkFlags Flags, long Offset, uint Length, uint EventCount, long FirstTime);
