using System.Diagnostics.Metrics;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>The metrics of this folder.</summary>
internal static class Telemetry
{
    internal static readonly Counter<long> Compactions =
        Meters.Package.CreateCounter<long>("sessionreplay.lifecycle.compactions", "{session}", "Sessions compacted.");

    internal static readonly Counter<long> RetentionStops =
        Meters.Package.CreateCounter<long>(
            "sessionreplay.retention.stops", "{sweep}", "Sweeps in which retention waited for an operator, by sessionreplay.reason.");

    internal static readonly Counter<long> Deletions =
        Meters.Package.CreateCounter<long>("sessionreplay.lifecycle.deletions", "{session}", "Sessions deleted, by sessionreplay.reason.");
}
