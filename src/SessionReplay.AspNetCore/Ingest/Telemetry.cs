using System.Diagnostics.Metrics;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The metrics of this folder.</summary>
internal static class Telemetry
{
    internal static readonly Counter<long> Requests =
        Meters.Package.CreateCounter<long>("sessionreplay.ingest.requests", "{request}", "Requests of pages, by sessionreplay.outcome.");

    internal static readonly Counter<long> Sanitized =
        Meters.Package.CreateCounter<long>(
            "sessionreplay.ingest.sanitized", "{finding}", "What the sanitizer took out, by sessionreplay.rule.");

    internal static readonly Counter<long> QuotaRefusals = Meters.Package.CreateCounter<long>(
        "sessionreplay.ingest.quota.refusals", "{request}",
        "Requests above a quota that processes share, by sessionreplay.quota and sessionreplay.outcome.");

    internal static readonly Counter<long> UnsharedQuotas = Meters.Package.CreateCounter<long>(
        "sessionreplay.ingest.quota.unshared", "{call}",
        "Parts of quotas that a process took for itself, because the catalog was unavailable.");

    internal static readonly Histogram<long> BatchSize =
        Meters.Package.CreateHistogram<long>("sessionreplay.ingest.batch.size", "By", "Size of accepted batches as they were sent.");

    internal static readonly Histogram<double> BatchDuration =
        Meters.Package.CreateHistogram<double>(
            "sessionreplay.ingest.batch.duration", "s", "Time from the first byte of an accepted batch to the queue's confirmation.");
}
