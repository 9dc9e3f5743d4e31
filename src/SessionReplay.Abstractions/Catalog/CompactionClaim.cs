namespace SessionReplay.Catalog;

/// <summary>A session that a process has for itself to write its chunks to an object.</summary>
/// <param name="Row">The session.</param>
/// <param name="Number">Which claim of the session it is, counted from 1. Only the latest counts.</param>
public sealed record CompactionClaim(SessionRow Row, int Number);
