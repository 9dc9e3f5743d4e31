namespace SessionReplay.AspNetCore.Playback;

/// <summary>What the player loads first.</summary>
internal sealed record ManifestJson(
    SessionJson Session, IReadOnlyList<WindowJson> Windows, IReadOnlyList<MarkerJson> Markers, bool MarkersTruncated);
