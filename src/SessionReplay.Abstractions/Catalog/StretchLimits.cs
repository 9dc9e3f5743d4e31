namespace SessionReplay.Catalog;

/// <summary>How much of the chunks of stretches is read at a time.</summary>
/// <param name="Chunks">The greatest number of chunks, from 1 to 1,000.</param>
/// <param name="Bytes">The greatest sum of the chunks' sizes and of their <see cref="ChunkRow.SealedFacts"/>, in bytes. The first chunk
/// may be larger.</param>
public readonly record struct StretchLimits(int Chunks, long Bytes);
