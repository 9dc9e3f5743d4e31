namespace SessionReplay.Audit;

/// <summary>A row of the audit log.</summary>
/// <param name="Number">Its number, from 1 without gaps.</param>
/// <param name="Entry">What happened.</param>
/// <param name="Hash">SHA-256 over the row and the hash of the row before, 32 bytes: a row that was changed or removed breaks the
/// chain.</param>
public sealed record AuditRow(long Number, AuditEntry Entry, ReadOnlyMemory<byte> Hash);
