namespace SessionReplay.LoadGenerator;

/// <summary>A run of synthetic visitors failed.</summary>
public sealed class LoadException(string message) : Exception(message);
