namespace SessionReplay.Catalog;

/// <summary>A range of chunks of one window.</summary>
/// <param name="Window">The window.</param>
/// <param name="First">The seq of the first chunk.</param>
/// <param name="Last">The seq of the last chunk; not smaller than <paramref name="First"/>.</param>
public readonly record struct ChunkStretch(WindowId Window, uint First, uint Last);
