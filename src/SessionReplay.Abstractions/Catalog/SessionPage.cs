namespace SessionReplay.Catalog;

/// <summary>A page of a search.</summary>
/// <param name="Sessions">The sessions, newest first.</param>
/// <param name="Next">The cursor of the next page; <see langword="null"/> when there is none.</param>
public sealed record SessionPage(IReadOnlyList<SessionRow> Sessions, SessionCursor? Next);
