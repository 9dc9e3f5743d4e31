using System.Diagnostics.Metrics;

namespace SessionReplay.AspNetCore;

/// <summary>The metrics of this package, meter <c>SessionReplay.AspNetCore</c>.</summary>
internal static partial class Telemetry
{
    internal static readonly Meter Meter = new("SessionReplay.AspNetCore");

    internal static readonly Counter<long> Requests =
        Meter.CreateCounter<long>("sessionreplay.ingest.requests", "{request}", "Requests of pages, by sessionreplay.outcome.");

    internal static readonly Counter<long> Sanitized =
        Meter.CreateCounter<long>("sessionreplay.ingest.sanitized", "{finding}", "What the sanitizer took out, by sessionreplay.rule.");

    internal static readonly Counter<long> QuotaRefusals = Meter.CreateCounter<long>(
        "sessionreplay.ingest.quota.refusals", "{request}", "Requests above a quota that processes share, by sessionreplay.quota and sessionreplay.outcome.");

    internal static readonly Counter<long> UnsharedQuotas = Meter.CreateCounter<long>(
        "sessionreplay.ingest.quota.unshared", "{call}", "Parts of quotas that a process took for itself, because the catalog was unavailable.");

    internal static readonly Histogram<long> BatchSize =
        Meter.CreateHistogram<long>("sessionreplay.ingest.batch.size", "By", "Size of accepted batches as they were sent.");

    internal static readonly Histogram<double> BatchDuration =
        Meter.CreateHistogram<double>("sessionreplay.ingest.batch.duration", "s", "Time from the first byte of an accepted batch to the queue's confirmation.");
}
