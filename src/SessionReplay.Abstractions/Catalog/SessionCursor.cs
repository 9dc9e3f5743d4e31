namespace SessionReplay.Catalog;

/// <summary>Where a page of a search ended (keyset paging).</summary>
/// <param name="StartedAt">The start of the last session in it, ms since the Unix epoch.</param>
/// <param name="Session">The last session in it.</param>
public readonly record struct SessionCursor(long StartedAt, SessionId Session);
