using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// Reports the dependencies whose circuit breaker is open. After the break it reports degraded and not unhealthy: the next call decides,
/// and without traffic there is none.
/// </summary>
internal sealed class DependencyHealthCheck(DependencyPipelines pipelines) : IHealthCheck
{
    public const string Name = "session-replay-circuits";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var states = pipelines.All.Select(pipeline => (pipeline.Dependency, pipeline.State)).ToList();
        var data = states.ToDictionary(
            each => each.Dependency.Id,
            object (each) => each.State switch { BreakerState.Closed => "closed", BreakerState.HalfOpen => "half-open", _ => "open" });
        var away = string.Join(", ", states.Where(each => each.State != BreakerState.Closed).Select(each => each.Dependency.Name));
        var status = states.Max(each => each.State) switch
        {
            BreakerState.Closed => HealthStatus.Healthy,
            BreakerState.HalfOpen => HealthStatus.Degraded,
            _ => context.Registration.FailureStatus,
        };
        return Task.FromResult(
            new HealthCheckResult(status, away.Length == 0 ? "All dependencies are called." : $"Unavailable: {away}.", data: data));
    }
}
