using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.Storage.PostgreSql;

/// <summary>Healthy when a probe of the tables succeeds.</summary>
internal sealed class PostgreSqlHealthCheck(Func<CancellationToken, ValueTask> probe) : IHealthCheck
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
