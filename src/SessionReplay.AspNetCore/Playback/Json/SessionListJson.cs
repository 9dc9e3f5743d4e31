namespace SessionReplay.AspNetCore.Playback;

/// <summary>A page of a search.</summary>
internal sealed record SessionListJson(IReadOnlyList<SessionJson> Sessions, string? NextCursor);
