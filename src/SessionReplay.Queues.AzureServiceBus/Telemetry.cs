using System.Diagnostics.Metrics;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>The metrics of the adapter, meter <c>SessionReplay.Queues.AzureServiceBus</c>.</summary>
internal static class Telemetry
{
    private static readonly Meter Meter = new("SessionReplay.Queues.AzureServiceBus");

    internal static readonly Counter<long> Published =
        Meter.CreateCounter<long>("sessionreplay.queue.published", "{message}", "Messages the service confirmed.");

    internal static readonly Counter<long> Settled =
        Meter.CreateCounter<long>("sessionreplay.queue.settled", "{message}", "Deliveries settled, by sessionreplay.queue.outcome.");

    internal static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("sessionreplay.queue.failures", "{operation}", "Operations the service did not confirm.");

    internal static readonly Histogram<double> ConfirmDuration =
        Meter.CreateHistogram<double>("sessionreplay.queue.confirm.duration", "s", "Time until the service's confirmation.");

    internal static readonly Counter<long> Connects =
        Meter.CreateCounter<long>("sessionreplay.queue.connects", "{connection}", "Connections made to the service.");
}
