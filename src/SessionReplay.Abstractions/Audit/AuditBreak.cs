namespace SessionReplay.Audit;

/// <summary>Where the audit log's chain is broken.</summary>
/// <param name="Number">The number of the first row that does not fit.</param>
/// <param name="Reason">What is wrong with it, as a sentence; nothing of what the row holds.</param>
public sealed record AuditBreak(long Number, string Reason);
