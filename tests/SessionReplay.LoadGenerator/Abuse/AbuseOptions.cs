namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>A run of hostile clients beside a normal visitor.</summary>
/// <param name="Ingest">Where batches are posted, prefix included.</param>
/// <param name="WriteKey">The write key, which everybody knows.</param>
/// <param name="ProcessId">The server's process, whose memory is watched.</param>
/// <param name="Clients">How many hostile clients act at the same time, each from its own address.</param>
/// <param name="Time">How long each of the two phases lasts.</param>
/// <param name="MaxMemory">The documented bound of the server's resident memory, in bytes.</param>
/// <param name="MaxSlowdown">How many times slower the visitor may become at the 95th percentile.</param>
public sealed record AbuseOptions(
    string Ingest, string WriteKey, int ProcessId, int Clients, TimeSpan Time, long MaxMemory, double MaxSlowdown);
