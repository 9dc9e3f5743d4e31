namespace SessionReplay.Catalog;

/// <summary>The tombstone of a session.</summary>
/// <param name="Session">The session.</param>
/// <param name="DeletedAt">When its deletion was begun, in whole milliseconds.</param>
public sealed record DeletedSession(SessionRef Session, DateTimeOffset DeletedAt);
