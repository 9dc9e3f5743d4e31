namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// What the player loads first, page by page. A window whose chunks go on in the next page is in both. <c>View</c> is the ticket of the
/// view (<see cref="ViewTickets"/>).
/// </summary>
internal sealed record ManifestJson(
    SessionJson Session, IReadOnlyList<WindowJson> Windows, IReadOnlyList<MarkerJson> Markers, bool MarkersTruncated, string? NextCursor)
{
    public string? View { get; init; }
}
