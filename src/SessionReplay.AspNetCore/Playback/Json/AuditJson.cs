namespace SessionReplay.AspNetCore.Playback;

/// <summary>A page of the audit log.</summary>
internal sealed record AuditJson(IReadOnlyList<AuditRowJson> Rows, long? NextCursor);
