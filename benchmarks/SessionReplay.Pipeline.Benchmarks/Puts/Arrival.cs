namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>A batch that reaches ingest.</summary>
/// <param name="At">When, in milliseconds since the Unix epoch of the simulation.</param>
/// <param name="Session">The session.</param>
/// <param name="Body">What is posted.</param>
internal sealed record Arrival(long At, Guid Session, byte[] Body);
