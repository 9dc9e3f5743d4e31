using System.Diagnostics.Metrics;

namespace SessionReplay.Queues;

/// <summary>The metrics that all queues have. The meter has the name of the package.</summary>
internal static class QueueTelemetry
{
    internal static readonly Meter Meter = new(typeof(QueueTelemetry).Assembly.GetName().Name!);

    internal static readonly Counter<long> Published =
        Meter.CreateCounter<long>("sessionreplay.queue.published", "{message}", "Messages that the queue confirmed.");

    internal static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("sessionreplay.queue.failures", "{operation}", "Operations that the queue did not confirm.");

    private static readonly Counter<long> Settled =
        Meter.CreateCounter<long>("sessionreplay.queue.settled", "{message}", "Deliveries settled, by sessionreplay.queue.outcome.");

    /// <summary>Counts a delivery that was settled.</summary>
    /// <param name="outcome">One of <see cref="QueueOutcome"/>.</param>
    internal static void CountSettled(
        string outcome) => Settled.Add(1, new KeyValuePair<string, object?>("sessionreplay.queue.outcome", outcome));
}
