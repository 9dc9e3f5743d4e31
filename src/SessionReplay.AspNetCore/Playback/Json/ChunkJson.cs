namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// A chunk; times are on the server's clock. <c>Active</c> are the periods in which the visitor did something, <see langword="null"/>
/// when that is not known. <c>Problem</c> is <c>row-damaged</c> when the catalog's row was changed.
/// </summary>
internal sealed record ChunkJson(
    uint Seq, long From, long To, uint Events, long Bytes, bool Snapshot, IReadOnlyList<long[]>? Active, string? Problem)
{
    public static ChunkJson Damaged(uint seq, long from, long to) => new(seq, from, to, 0, 0, false, null, "row-damaged");
}
