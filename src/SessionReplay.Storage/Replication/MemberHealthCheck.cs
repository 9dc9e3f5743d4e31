using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Storage.Replication;

/// <summary>Says how one member is: as its own adapter's check says, or degraded while it has something to catch up.</summary>
internal sealed class MemberHealthCheck(Replica member) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var report = await member.Health!.CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        if (report.Status == HealthStatus.Unhealthy)
        {
            var failed = report.Entries.First(entry => entry.Value.Status == HealthStatus.Unhealthy).Value;
            return new(
                context.Registration.FailureStatus, $"The member '{member.Name}' cannot be used: {failed.Description}", failed.Exception);
        }

        return member.IsBehind
            ? HealthCheckResult.Degraded(
                $"The member '{member.Name}' has something to catch up.",
                data: new Dictionary<string, object> { ["backlog"] = member.Backlog })
            : HealthCheckResult.Healthy();
    }
}
