namespace SessionReplay.AspNetCore.Playback;

/// <summary>A chunk; times are on the server's clock. <c>Active</c> are the stretches in which the visitor did something, <see langword="null"/> when that is not known.</summary>
internal sealed record ChunkJson(uint Seq, long From, long To, uint Events, long Bytes, bool Snapshot, IReadOnlyList<long[]>? Active);
