using System.Diagnostics.Metrics;

namespace SessionReplay.AspNetCore;

/// <summary>The metrics of this package, meter <c>SessionReplay.AspNetCore</c>.</summary>
internal static partial class Telemetry
{
    internal static readonly Meter Meter = new("SessionReplay.AspNetCore");

    internal static readonly Counter<long> Batches =
        Meter.CreateCounter<long>("sessionreplay.ingest.batches", "{batch}", "Batches answered, by sessionreplay.outcome.");
}
