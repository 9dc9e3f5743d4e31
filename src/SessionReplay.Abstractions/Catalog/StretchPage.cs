namespace SessionReplay.Catalog;

/// <summary>The chunks of stretches, as many as the limits allow.</summary>
/// <param name="Chunks">The chunks, ordered by stretch as they were asked for, and within a stretch by seq.</param>
/// <param name="HasMore">Whether the stretches have more chunks behind these.</param>
public sealed record StretchPage(IReadOnlyList<StretchChunk> Chunks, bool HasMore);
