namespace SessionReplay.AspNetCore.Playback;

/// <summary>A session with its pages and what the sanitizer replaced.</summary>
internal sealed record SessionDetailJson(SessionJson Session, IReadOnlyList<PageJson> PageList, IReadOnlyDictionary<string, long> Sanitized);
