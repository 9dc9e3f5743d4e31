namespace SessionReplay.AspNetCore.Playback;

/// <summary>A page that was visited.</summary>
internal sealed record PageJson(long Time, string Window, string Url, string Title);
