namespace SessionReplay.AspNetCore.Playback;

/// <summary>How many messages were put back.</summary>
internal sealed record RedriveJson(int Redriven);
