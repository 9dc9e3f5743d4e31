namespace SessionReplay.Pipeline.Benchmarks.Arriving;

/// <summary>What a database says of itself.</summary>
/// <param name="FileBytes">What its tables take on the disk, with SQLite's log.</param>
/// <param name="LogBytes">What PostgreSQL has written to its log since it was made.</param>
/// <param name="ServerCpu">The processor time of PostgreSQL's processes.</param>
internal sealed record DatabaseReading(long FileBytes, long LogBytes, TimeSpan ServerCpu);
