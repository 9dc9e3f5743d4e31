using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.Storage;

/// <summary>Healthy when a probe of a database succeeds.</summary>
internal sealed class DatabaseHealthCheck(Func<CancellationToken, ValueTask> probe) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await probe(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is CatalogUnavailableException or KeyStoreUnavailableException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
