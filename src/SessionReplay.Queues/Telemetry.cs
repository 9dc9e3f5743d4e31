using System.Diagnostics.Metrics;

namespace SessionReplay.Queues;

/// <summary>The metrics that the embedded queue has besides those of all queues.</summary>
internal static class Telemetry
{
    internal static readonly Counter<long> Duplicates = QueueTelemetry.Meter.CreateCounter<long>(
        "sessionreplay.queue.duplicates", "{message}", "Messages published again while the first was still in the queue.");

    internal static readonly Histogram<double> CommitDuration = QueueTelemetry.Meter.CreateHistogram<double>(
        "sessionreplay.queue.commit.duration", "s", "Time of one transaction, its flush to disk included.");

    internal static readonly Histogram<int> CommitOperations = QueueTelemetry.Meter.CreateHistogram<int>(
        "sessionreplay.queue.commit.operations", "{operation}", "Operations that shared one transaction.");
}
