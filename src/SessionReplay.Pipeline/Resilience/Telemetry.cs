using System.Diagnostics.Metrics;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The metrics of this folder.</summary>
internal static class Telemetry
{
    internal static readonly Counter<long> DependencyRetries =
        Meters.Package.CreateCounter<long>(
            "sessionreplay.dependency.retries", "{call}", "Calls made again after a failure, by sessionreplay.dependency.");

    internal static readonly Counter<long> DependencyTimeouts =
        Meters.Package.CreateCounter<long>(
            "sessionreplay.dependency.timeouts", "{call}", "Calls that did not end in time, by sessionreplay.dependency.");

    internal static readonly Counter<long> DependencyRejections = Meters.Package.CreateCounter<long>(
        "sessionreplay.dependency.rejections", "{call}",
        "Calls that were not made, by sessionreplay.dependency and sessionreplay.reason (open, full).");

    internal static void ObserveBreakers(IMeterFactory meters, DependencyPipelines pipelines) =>
        meters.Create(Meters.Package.Name).CreateObservableGauge(
        "sessionreplay.dependency.circuit",
        () => pipelines.All.Select(pipeline => new Measurement<int>(
            (int)pipeline.State, new KeyValuePair<string, object?>("sessionreplay.dependency", pipeline.Dependency.Id))),
        "{state}",
        "Whether calls are made, by sessionreplay.dependency: 0 closed (yes), 1 half open (one, to see), 2 open (no).");
}
