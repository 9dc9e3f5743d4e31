using System.Diagnostics.Metrics;

namespace SessionReplay.Queues;

/// <summary>The metrics of the embedded queue, meter <c>SessionReplay.Queues</c>.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("SessionReplay.Queues");

    internal static readonly Counter<long> Published =
        Meter.CreateCounter<long>("sessionreplay.queue.published", "{message}", "Messages made durable.");

    internal static readonly Counter<long> Duplicates =
        Meter.CreateCounter<long>("sessionreplay.queue.duplicates", "{message}", "Messages published again while the first was still in the queue.");

    internal static readonly Counter<long> Settled =
        Meter.CreateCounter<long>("sessionreplay.queue.settled", "{message}", "Deliveries settled, by sessionreplay.queue.outcome.");

    internal static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("sessionreplay.queue.failures", "{operation}", "Operations that the file did not confirm.");

    internal static readonly Histogram<double> CommitDuration =
        Meter.CreateHistogram<double>("sessionreplay.queue.commit.duration", "s", "Time of one transaction, its flush to disk included.");

    internal static readonly Histogram<int> CommitOperations =
        Meter.CreateHistogram<int>("sessionreplay.queue.commit.operations", "{operation}", "Operations that shared one transaction.");
}
