using System.Diagnostics.Metrics;

namespace SessionReplay.Storage;

/// <summary>The metrics of this package, meter <c>SessionReplay.Storage</c>.</summary>
internal static class Telemetry
{
    internal static readonly Meter Meter = new("SessionReplay.Storage");

    internal static readonly Counter<long> MemberFailures =
        Meter.CreateCounter<long>(
            "sessionreplay.storage.member.failures", "{call}", "Calls that a member did not confirm, by sessionreplay.storage.member.");

    internal static readonly Counter<long> Missed =
        Meter.CreateCounter<long>(
            "sessionreplay.storage.replication.missed", "{operation}",
            "Writes and deletions that a member missed, by sessionreplay.storage.member.");

    internal static readonly Counter<long> CaughtUp =
        Meter.CreateCounter<long>(
            "sessionreplay.storage.replication.caught_up", "{operation}", "Missed operations caught up, by sessionreplay.storage.member.");

    internal static readonly Counter<long> Failovers =
        Meter.CreateCounter<long>(
            "sessionreplay.storage.replication.failovers", "{read}", "Reads that another member than the first one tried answered.");

    internal static readonly Gauge<long> Backlog =
        Meter.CreateGauge<long>(
            "sessionreplay.storage.replication.backlog", "{operation}",
            "Notes of missed operations that wait, by sessionreplay.storage.member; counted up to 10,000.");
}
