using System.Diagnostics.Metrics;

namespace SessionReplay.Queues;

/// <summary>The metrics that queues on a broker have besides those of <see cref="QueueTelemetry"/>.</summary>
internal static class BrokerTelemetry
{
    internal static readonly Histogram<double> ConfirmDuration = QueueTelemetry.Meter.CreateHistogram<double>(
        "sessionreplay.queue.confirm.duration", "s", "Time until the broker's confirmation of a message.");

    internal static readonly Counter<long> Connects = QueueTelemetry.Meter.CreateCounter<long>(
        "sessionreplay.queue.connects", "{connection}", "Times the queue was found or created at the broker.");
}
