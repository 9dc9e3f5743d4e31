namespace SessionReplay.LoadGenerator;

/// <summary>What tells one batch's events from another's: how many there are, and a hash of what no sanitizer changes.</summary>
public readonly record struct BatchPrint(int Events, string Hash);
