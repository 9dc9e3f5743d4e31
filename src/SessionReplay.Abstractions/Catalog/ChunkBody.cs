namespace SessionReplay.Catalog;

/// <summary>The bytes of a chunk that the catalog holds.</summary>
/// <param name="Window">The window.</param>
/// <param name="Seq">The batch's number in its window.</param>
/// <param name="Bytes">The whole chunk: header, ciphertext and tag.</param>
public sealed record ChunkBody(WindowId Window, uint Seq, ReadOnlyMemory<byte> Bytes);
