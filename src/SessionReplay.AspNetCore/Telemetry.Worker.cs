using System.Diagnostics.Metrics;

namespace SessionReplay.AspNetCore;

/// <content>Worker, lifecycle and playback.</content>
internal static partial class Telemetry
{
    internal static readonly Counter<long> WorkerMessages =
        Meter.CreateCounter<long>("sessionreplay.worker.messages", "{message}", "Messages dealt with, by sessionreplay.outcome.");

    internal static readonly Histogram<double> WorkerDuration =
        Meter.CreateHistogram<double>("sessionreplay.worker.duration", "s", "Time from receiving a group of messages to its acknowledgement.");

    internal static readonly Histogram<double> WorkerLag =
        Meter.CreateHistogram<double>("sessionreplay.worker.lag", "s", "Time from the answer to the page to the chunk being in the catalog.");

    internal static readonly Counter<long> Compactions =
        Meter.CreateCounter<long>("sessionreplay.lifecycle.compactions", "{session}", "Sessions compacted.");

    internal static readonly Counter<long> RetentionStops =
        Meter.CreateCounter<long>("sessionreplay.retention.stops", "{sweep}", "Sweeps in which retention waited for an operator, by sessionreplay.reason.");

    internal static readonly Counter<long> Deletions =
        Meter.CreateCounter<long>("sessionreplay.lifecycle.deletions", "{session}", "Sessions deleted, by sessionreplay.reason.");

    internal static readonly Counter<long> PlaybackRequests =
        Meter.CreateCounter<long>("sessionreplay.playback.requests", "{request}", "Playback requests, by sessionreplay.action and sessionreplay.allowed.");
}
