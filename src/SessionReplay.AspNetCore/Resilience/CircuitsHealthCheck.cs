using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>Tells which dependencies are not called at the moment. After the break it is only degraded: traffic must come back for a call to be tried.</summary>
internal sealed class CircuitsHealthCheck(Circuits circuits) : IHealthCheck
{
    public const string Name = "session-replay-circuits";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var states = circuits.All.Select(circuit => (circuit.Dependency, circuit.State)).ToList();
        var data = states.ToDictionary(
            each => each.Dependency.Id,
            object (each) => each.State switch { CircuitState.Closed => "closed", CircuitState.HalfOpen => "half-open", _ => "open" });
        var away = string.Join(", ", states.Where(each => each.State != CircuitState.Closed).Select(each => each.Dependency.Name));
        var status = states.Max(each => each.State) switch
        {
            CircuitState.Closed => HealthStatus.Healthy,
            CircuitState.HalfOpen => HealthStatus.Degraded,
            _ => context.Registration.FailureStatus,
        };
        return Task.FromResult(new HealthCheckResult(status, away.Length == 0 ? "All dependencies are called." : $"Unavailable: {away}.", data: data));
    }
}
