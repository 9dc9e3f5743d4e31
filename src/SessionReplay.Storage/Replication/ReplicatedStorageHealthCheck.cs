using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

/// <summary>Healthy when all members are; degraded while enough of them are left to write to.</summary>
internal sealed class ReplicatedStorageHealthCheck(ReplicaSet set, IOptions<ReplicatedStorageOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var reports = await Task.WhenAll(set.Members.Select(member => member.Health!.CheckHealthAsync(cancellationToken)))
            .ConfigureAwait(false);
        var lost = set.Members.Zip(reports).Where(pair => pair.Second.Status == HealthStatus.Unhealthy).Select(pair => pair.First.Name)
            .ToList();
        if (lost.Count == 0)
        {
            return HealthCheckResult.Healthy();
        }

        var says = $"Members of the replicated store that cannot be used: {string.Join(", ", lost)}.";
        return set.Members.Count - lost.Count < options.Value.MinCopies
            ? new(context.Registration.FailureStatus, says)
            : HealthCheckResult.Degraded(says);
    }
}
