namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// A window with its chunks and the ranges of seq that never arrived or are gone. <c>Problem</c> is <c>end-damaged</c> when nobody can know
/// whether its last chunks are there.
/// </summary>
internal sealed record WindowJson(
    string Id, long ClockOffset, long From, long To, string? Url, string? Title, bool Closed, IReadOnlyList<ChunkJson> Chunks,
    IReadOnlyList<long[]> Missing, string? Problem)
{
    public const string EndDamaged = "end-damaged";
}
