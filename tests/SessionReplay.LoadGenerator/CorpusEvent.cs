namespace SessionReplay.LoadGenerator;

/// <summary>One rrweb event as JSON, and its time in milliseconds since the Unix epoch.</summary>
public sealed record CorpusEvent(long Time, byte[] Json);
