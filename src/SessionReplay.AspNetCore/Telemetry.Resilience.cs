using System.Diagnostics.Metrics;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore;

/// <content>Calls to dependencies, and how full the queue is. What is observed belongs to one application, and ends with its meter factory.</content>
internal static partial class Telemetry
{
    internal static readonly Counter<long> DependencyRetries =
        Meter.CreateCounter<long>("sessionreplay.dependency.retries", "{call}", "Calls made again after a failure, by sessionreplay.dependency.");

    internal static readonly Counter<long> DependencyTimeouts =
        Meter.CreateCounter<long>("sessionreplay.dependency.timeouts", "{call}", "Calls that did not end in time, by sessionreplay.dependency.");

    internal static readonly Counter<long> DependencyRejections = Meter.CreateCounter<long>(
        "sessionreplay.dependency.rejections", "{call}", "Calls that were not made, by sessionreplay.dependency and sessionreplay.reason (open, full).");

    internal static void ObserveCircuits(IMeterFactory meters, Circuits circuits) => meters.Create(Meter.Name).CreateObservableGauge(
        "sessionreplay.dependency.circuit",
        () => circuits.All.Select(circuit => new Measurement<int>(
            (int)circuit.State, new KeyValuePair<string, object?>("sessionreplay.dependency", circuit.Dependency.Id))),
        "{state}",
        "Whether calls are made, by sessionreplay.dependency: 0 closed (yes), 1 half open (one, to see), 2 open (no).");

    /// <param name="meters">Makes the instruments.</param>
    /// <param name="status">The status; <see langword="null"/> while it is not known, when nothing is told.</param>
    internal static void ObserveQueue(IMeterFactory meters, Func<QueueStatus?> status)
    {
        var meter = meters.Create(Meter.Name);
        meter.CreateObservableGauge("sessionreplay.queue.ready", () => Tell<long>(s => s.Ready), "{message}", "Messages that wait to be delivered, delayed ones included.");
        meter.CreateObservableGauge("sessionreplay.queue.in_flight", () => Tell<long>(s => s.InFlight), "{message}", "Messages delivered and not settled.");
        meter.CreateObservableGauge("sessionreplay.queue.dead_lettered", () => Tell<long>(s => s.DeadLettered), "{message}", "Messages set aside.");
        meter.CreateObservableGauge(
            "sessionreplay.queue.oldest_age", () => Tell<double>(OldestAge), "s", "Age of the oldest waiting message; 0 when none waits. Not told by a queue that cannot tell.");

        Measurement<T>[] Tell<T>(Func<QueueStatus, T?> figure)
            where T : struct => status() is { } known && figure(known) is { } value ? [new(value)] : [];

        static double? OldestAge(QueueStatus status) => status.OldestAge?.TotalSeconds ?? (status.Ready == 0 ? 0 : null);
    }
}
