namespace SessionReplay.AspNetCore.Playback;

/// <summary>A point on the timeline.</summary>
internal sealed record MarkerJson(long Time, string Window, string Kind, string Label);
