namespace SessionReplay.AspNetCore.Playback;

/// <summary>An identified user.</summary>
internal sealed record UserJson(string Id, string Email, string Name, string TraitsJson);
