using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Looks for tenants that the catalog or the key store knows and the configuration lacks: nobody can see their sessions, and no retention
/// ends them. It says so in the log and is unhealthy until they are configured again or deleted.
/// </summary>
internal sealed class TenantCheck(
    [Guarded] ISessionLifecycle lifecycle, [Guarded] IKeyLifecycle keys, IReadOnlyList<ITenantRetention> tenants, TimeProvider clock,
    ILogger<TenantCheck> logger) : ISweep, IHealthCheck
{
    public const string Name = "session-replay-tenants";

    private const int MaxNamed = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private volatile string? _unknown;
    private long? _lastRun;

    /// <summary>Looks once an hour, first at the start.</summary>
    /// <returns>0: it deletes nothing.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        if (_lastRun is { } last && clock.GetElapsedTime(last) < Interval)
        {
            return 0;
        }

        var unknown = await FindAsync(cancellationToken).ConfigureAwait(false);
        _unknown = unknown.Count == 0 ? null : string.Join(", ", unknown.Take(MaxNamed)) + (unknown.Count > MaxNamed ? ", …" : "");
        _lastRun = clock.GetTimestamp();
        if (_unknown is { } names)
        {
            Log.UnknownTenants(logger, names);
        }

        return 0;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(_unknown is { } names
            ? new HealthCheckResult(
                context.Registration.FailureStatus,
                $"The catalog or the key store has tenants that are not in SessionReplay:Tenants: {names}. Configure them, or run 'session-replay delete-tenant'.")
            : HealthCheckResult.Healthy());
    }

    private async ValueTask<List<string>> FindAsync(CancellationToken cancellationToken)
    {
        var known = await lifecycle.ListTenantsAsync(cancellationToken).ConfigureAwait(false);
        var keyed = await keys.ListTenantsAsync(cancellationToken).ConfigureAwait(false);
        return [.. known.Concat(keyed).Select(static tenant => tenant.Value).Except(tenants.Select(static tenant => tenant.Id))
            .Order(StringComparer.Ordinal)];
    }
}
