using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Queues;

/// <summary>Asks a queue how full it is.</summary>
internal sealed class QueueHealthCheck<TQueue>(TQueue queue) : IHealthCheck
    where TQueue : IQueueMonitor
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var status = await queue.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy(string.Create(
                CultureInfo.InvariantCulture, $"{status.Ready} ready, {status.InFlight} in flight, {status.DeadLettered} dead letters"));
        }
        catch (QueueUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
