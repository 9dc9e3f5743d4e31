using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Spends quotas that all processes share. Each takes a part from the catalog and spends it in memory. While the catalog is away, each
/// process keeps to the bound by itself. What is remembered is bounded: a forgotten part counts as spent.
/// </summary>
internal sealed class SharedQuotas([Guarded] IQuotaStore store, TimeProvider clock)
{
    private const int Generation = 20_000;
    private const int Turns = 64;

    private readonly Lock _lock = new();
    private readonly RecentMap<(TenantId Tenant, string Name), QuotaAllowance> _leases = new(Generation);
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(static _ => new SemaphoreSlim(1))];

    /// <returns><see langword="null"/> when the amount was taken; else after what time there is more.</returns>
    public async ValueTask<TimeSpan?> TakeAsync(TenantId tenant, QuotaScope scope, long amount, CancellationToken cancellationToken)
    {
        if (LeaseOf(tenant, scope).TrySpend(amount, clock.GetUtcNow()))
        {
            return null;
        }

        // One at a time, or many that begin together would each take a part.
        var turn = TurnOf(tenant, scope.Name);
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = clock.GetUtcNow();
            return await LeaseOf(tenant, scope).TakeAsync(
                amount, scope.Limit, now, wanted => TakeSharedAsync(tenant, scope.Name, wanted, scope.Limit, now, cancellationToken))
                .ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Gives back what was taken and is not used.</summary>
    public async ValueTask ReturnAsync(TenantId tenant, QuotaScope scope, long amount)
    {
        var turn = TurnOf(tenant, scope.Name);
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            LeaseOf(tenant, scope).Return(amount);
        }
        finally
        {
            turn.Release();
        }
    }

    private async ValueTask<QuotaGrant?> TakeSharedAsync(
        TenantId tenant, string name, long amount, QuotaLimit limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await store.TakeAsync(tenant, name, amount, limit, now, cancellationToken).ConfigureAwait(false);
        }
        catch (CatalogUnavailableException)
        {
            // The pipeline logs the outage. Recording goes on without the catalog.
            Telemetry.UnsharedQuotas.Add(1);
            return null;
        }
    }

    private SemaphoreSlim TurnOf(TenantId tenant, string name) => _turns[(uint)HashCode.Combine(tenant, name) % Turns];

    private QuotaAllowance LeaseOf(TenantId tenant, QuotaScope scope)
    {
        lock (_lock)
        {
            if (!_leases.TryGet((tenant, scope.Name), out var lease))
            {
                _leases.Set((tenant, scope.Name), lease = new(scope.Own));
            }

            return lease;
        }
    }
}
