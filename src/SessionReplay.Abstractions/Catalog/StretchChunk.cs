namespace SessionReplay.Catalog;

/// <summary>A chunk of a stretch.</summary>
/// <param name="Row">The chunk as the catalog keeps it.</param>
/// <param name="Body">The whole chunk (header, ciphertext and tag) if the catalog holds it; else <see langword="null"/>.</param>
public sealed record StretchChunk(ChunkRow Row, ReadOnlyMemory<byte>? Body);
