using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Storage;

/// <summary>Healthy when a store answers a listing.</summary>
internal sealed class BlobStoreHealthCheck<TStore>(TStore store) : IHealthCheck
    where TStore : IBlobStore
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (var _ in store.ListAsync("health-check/", cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            return HealthCheckResult.Healthy();
        }
        catch (BlobStoreUnavailableException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
