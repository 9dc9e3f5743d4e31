namespace SessionReplay.LoadGenerator;

/// <summary>Names a batch.</summary>
public readonly record struct BatchName(Guid Session, Guid Window, uint Seq);
