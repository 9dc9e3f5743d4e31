namespace SessionReplay.AspNetCore.Playback;

/// <summary>The last record of an answer. With <c>More</c>, the client asks again for what has not come.</summary>
internal sealed record EndJson(bool End, bool More);
