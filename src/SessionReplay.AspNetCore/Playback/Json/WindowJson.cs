namespace SessionReplay.AspNetCore.Playback;

/// <summary>A window with its chunks and the ranges of seq that never arrived.</summary>
internal sealed record WindowJson(
    string Id, long ClockOffset, long From, long To, string? Url, string? Title, bool Closed, IReadOnlyList<ChunkJson> Chunks,
    IReadOnlyList<long[]> Missing);
