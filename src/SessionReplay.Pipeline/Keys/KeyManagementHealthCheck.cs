using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Keys;

/// <summary>Healthy when keys can be wrapped, and stored ones unwrapped: without that nothing is recorded and nothing played.</summary>
internal sealed class KeyManagementHealthCheck(KeyManagementProbe probe) : IHealthCheck
{
    public const string Name = "session-replay-key-management";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await probe.CheckAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is KeyManagementException or KeyStoreUnavailableException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
