using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SessionReplay.Storage.Blobs;

/// <summary>Healthy when the folder can be written.</summary>
internal sealed class LocalBlobStoreHealthCheck(LocalBlobStore store) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            store.CheckWritable();
            return Task.FromResult(HealthCheckResult.Healthy());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(new HealthCheckResult(context.Registration.FailureStatus, "The blob folder cannot be written.", e));
        }
    }
}
