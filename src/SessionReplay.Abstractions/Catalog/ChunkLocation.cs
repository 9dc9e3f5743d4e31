namespace SessionReplay.Catalog;

/// <summary>Where the bytes of a chunk lie.</summary>
/// <param name="BlobKey">The object.</param>
/// <param name="Offset">The first byte in it.</param>
/// <param name="Length">The size of the chunk in bytes.</param>
public readonly record struct ChunkLocation(string BlobKey, long Offset, long Length);
