namespace SessionReplay.AspNetCore.Playback;

/// <summary>A chunk; times are on the server's clock.</summary>
internal sealed record ChunkJson(uint Seq, long From, long To, uint Events, long Bytes, bool Snapshot);
