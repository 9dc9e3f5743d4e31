namespace SessionReplay.AspNetCore.Playback;

/// <summary>A row of the audit log.</summary>
internal sealed record AuditRowJson(
    long Number, long At, string Actor, string Action, bool Allowed, string Outcome, string? Tenant, string? Session, string? RemoteAddress,
    string? Detail, string Hash);
