using System.Diagnostics.Metrics;
using SessionReplay.Catalog;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Worker;

/// <summary>The metrics of this folder.</summary>
internal static class Telemetry
{
    internal static readonly Counter<long> WorkerMessages =
        Meters.Package.CreateCounter<long>("sessionreplay.worker.messages", "{message}", "Messages dealt with, by sessionreplay.outcome.");

    internal static readonly Histogram<double> WorkerDuration =
        Meters.Package.CreateHistogram<double>(
            "sessionreplay.worker.duration", "s", "Time from receiving a group of messages to its acknowledgement.");

    internal static readonly Histogram<double> WorkerLag =
        Meters.Package.CreateHistogram<double>(
            "sessionreplay.worker.lag", "s", "Time from the answer to the page to the chunk being in the catalog.");

    /// <param name="meters">Makes the instruments.</param>
    /// <param name="space">The size; <see langword="null"/> while it is not known, when nothing is reported.</param>
    internal static void ObserveCatalog(IMeterFactory meters, Func<CatalogSpace?> space)
    {
        var meter = meters.Create(Meters.Package.Name);
        meter.CreateObservableGauge(
            "sessionreplay.catalog.used", () => Observe(static s => s.UsedBytes), "By", "What the chunks that the catalog holds take.");
        meter.CreateObservableGauge(
            "sessionreplay.catalog.max", () => Observe(static s => s.MaxBytes), "By", "The size at which nothing more is recorded.");

        Measurement<long>[] Observe(Func<CatalogSpace, long> figure) => space() is { } known ? [new(figure(known))] : [];
    }

    /// <param name="meters">Makes the instruments.</param>
    /// <param name="status">The status; <see langword="null"/> while it is not known, when nothing is reported.</param>
    internal static void ObserveQueue(IMeterFactory meters, Func<QueueStatus?> status)
    {
        var meter = meters.Create(Meters.Package.Name);
        meter.CreateObservableGauge(
            "sessionreplay.queue.ready", () => Observe<long>(s => s.Ready), "{message}",
            "Messages that wait to be delivered, delayed ones included.");
        meter.CreateObservableGauge(
            "sessionreplay.queue.in_flight", () => Observe<long>(s => s.InFlight), "{message}", "Messages delivered and not settled.");
        meter.CreateObservableGauge(
            "sessionreplay.queue.dead_lettered", () => Observe<long>(s => s.DeadLettered), "{message}", "Dead letters.");
        meter.CreateObservableGauge(
            "sessionreplay.queue.oldest_age", () => Observe<double>(OldestAge), "s",
            "Age of the oldest waiting message; 0 when none waits. Queues that do not know it report nothing.");

        Measurement<T>[] Observe<T>(Func<QueueStatus, T?> figure)
            where T : struct => status() is { } known && figure(known) is { } value ? [new(value)] : [];

        static double? OldestAge(QueueStatus status) => status.OldestAge?.TotalSeconds ?? (status.Ready == 0 ? 0 : null);
    }
}
