using System.Diagnostics.Metrics;

namespace SessionReplay.Queues.Sqs;

/// <summary>The metrics of the adapter, meter <c>SessionReplay.Queues.Sqs</c>.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("SessionReplay.Queues.Sqs");

    internal static readonly Counter<long> Published =
        Meter.CreateCounter<long>("sessionreplay.queue.published", "{message}", "Messages the service confirmed.");

    internal static readonly Counter<long> Settled =
        Meter.CreateCounter<long>("sessionreplay.queue.settled", "{message}", "Deliveries settled, by sessionreplay.queue.outcome.");

    internal static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("sessionreplay.queue.failures", "{operation}", "Operations the service did not confirm.");

    internal static readonly Histogram<double> ConfirmDuration =
        Meter.CreateHistogram<double>("sessionreplay.queue.confirm.duration", "s", "Time until the service's confirmation.");

    internal static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram<int>("sessionreplay.queue.batch.size", "{entry}", "Entries of a batch request, by sessionreplay.queue.request.");

    internal static readonly Counter<long> Connects =
        Meter.CreateCounter<long>("sessionreplay.queue.connects", "{connection}", "Times the queues were looked for and found.");
}
