using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Storage.S3;

/// <summary>Healthy when the bucket answers a listing of one key.</summary>
internal sealed class S3HealthCheck(S3BlobStore store) : IHealthCheck
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
