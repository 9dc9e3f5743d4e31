namespace SessionReplay.AspNetCore.Playback;

/// <summary>A session with the first of its pages, what the sanitizer replaced, and how many of its chunks' rows are damaged.</summary>
internal sealed record SessionDetailJson(
    SessionJson Session, IReadOnlyList<PageJson> PageList, bool PageListTruncated, IReadOnlyDictionary<string, long> Sanitized,
    int DamagedChunks);
