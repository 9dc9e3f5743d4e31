using System.Diagnostics.Metrics;

namespace SessionReplay.Queues.Kafka;

/// <summary>The metrics of the adapter, meter <c>SessionReplay.Queues.Kafka</c>.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("SessionReplay.Queues.Kafka");

    internal static readonly Counter<long> Published =
        Meter.CreateCounter<long>("sessionreplay.queue.published", "{message}", "Messages the brokers confirmed.");

    internal static readonly Counter<long> Settled =
        Meter.CreateCounter<long>("sessionreplay.queue.settled", "{message}", "Deliveries settled, by sessionreplay.queue.outcome.");

    internal static readonly Counter<long> Removed =
        Meter.CreateCounter<long>("sessionreplay.queue.removed", "{message}", "Messages that Kafka removed before they were handled.");

    internal static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("sessionreplay.queue.failures", "{operation}", "Operations the brokers did not confirm.");

    internal static readonly Histogram<double> ConfirmDuration =
        Meter.CreateHistogram<double>("sessionreplay.queue.confirm.duration", "s", "Time until the confirmation of the brokers.");

    internal static readonly Counter<long> Connects =
        Meter.CreateCounter<long>("sessionreplay.queue.connects", "{connection}", "Times the topics were made sure of.");
}
