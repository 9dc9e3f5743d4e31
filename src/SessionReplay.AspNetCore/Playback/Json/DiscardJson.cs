namespace SessionReplay.AspNetCore.Playback;

/// <summary>How many dead letters were removed.</summary>
internal sealed record DiscardJson(int Discarded);
