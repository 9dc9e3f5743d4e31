using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;

namespace SessionReplay.ScaleOut.Observation;

/// <summary>What a platform asks of a process: <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>.</summary>
internal static class ObservationExtensions
{
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    public static void AddObservation(this IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("SessionReplay.*", "Polly", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddView(instrument => instrument.Unit == "s" ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds } : null)
            .AddPrometheusExporter());

    /// <summary>
    /// With <c>Management:Port</c> they answer on that port alone (add it to ASPNETCORE_HTTP_PORTS), so that no proxy passes them on to the
    /// outside.
    /// </summary>
    public static void UseObservation(this WebApplication app)
    {
        var port = app.Configuration.GetValue<int?>("Management:Port");
        app.MapWhen(
            context => (port is null || context.Connection.LocalPort == port) && IsObservation(context.Request.Path),
            branch =>
            {
                // Alive is whoever answers: a dependency that is away is no reason to restart the process.
                branch.UseHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
                branch.UseHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
                branch.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
            });
    }

    private static bool IsObservation(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");
}
