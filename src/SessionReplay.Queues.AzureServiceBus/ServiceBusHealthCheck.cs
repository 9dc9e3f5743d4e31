using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Asks whether messages can be sent and, where the policy may know, how full the queue is.</summary>
internal sealed class ServiceBusHealthCheck(ServiceBusMessageQueue queue) : IHealthCheck
{
    private readonly QueueHealthCheck<ServiceBusMessageQueue> _counts = new(queue);

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

        // Sending and receiving do not need what counting needs.
        var counts = await _counts.CheckHealthAsync(context, cancellationToken).ConfigureAwait(false);
        return counts.Exception is null ? counts : HealthCheckResult.Healthy("Connected; counts are not known: " + counts.Description);
    }
}
