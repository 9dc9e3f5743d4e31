using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Asks whether messages can be sent and, where the policy may know, how full the queue is.</summary>
internal sealed class ServiceBusHealthCheck(ServiceBusMessageQueue queue) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await queue.EnsureReadyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (QueueUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }

        try
        {
            var status = await queue.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy(string.Create(
                CultureInfo.InvariantCulture, $"{status.Ready} ready, {status.InFlight} in flight, {status.DeadLettered} dead letters"));
        }
        catch (QueueUnavailableException e)
        {
            // Sending and receiving do not need what counting needs.
            return HealthCheckResult.Healthy("Connected; counts are not known: " + e.Message);
        }
    }
}
