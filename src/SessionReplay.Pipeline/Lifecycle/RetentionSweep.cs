using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Deletes sessions past their tenant's retention, and finishes deletions that were interrupted. First the keys of all that are due, which
/// needs no blob store, then objects and rows. The tenants take turns, so that none waits for another's backlog.
/// </summary>
internal sealed class RetentionSweep(
    [Guarded] ISessionLifecycle lifecycle, SessionDeletion deletion, RetentionGuard guard, IReadOnlyList<ITenantRetention> tenants,
    TimeProvider clock,
    ILogger<RetentionSweep> logger)
{
    /// <summary>How many sessions of a tenant are a turn.</summary>
    public const int BatchSize = 100;

    /// <summary>How many failures one after the other end a tenant's turns for this sweep: most likely the store is away.</summary>
    public const int MaxFailures = 10;

    private const int MaxListed = 1_000;

    /// <summary>Sessions whose deletion could not begin in this sweep.</summary>
    private readonly HashSet<SessionRef> _failed = [];

    /// <summary>Behind which session a tenant's next turn goes on, so that those which always fail stand in nobody's way.</summary>
    private readonly Dictionary<TenantId, SessionId> _places = [];

    /// <summary>Deletes what is due. Where the guard asks for an operator's word, only interrupted deletions are finished.</summary>
    /// <returns>How many sessions were deleted.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) => RunAsync(null, cancellationToken);

    /// <summary>As <see cref="RunAsync(CancellationToken)"/>, with an operator's word for one tenant.</summary>
    public ValueTask<int> RunConfirmedAsync(TenantId tenant, CancellationToken cancellationToken) => RunAsync(tenant, cancellationToken);

    private async ValueTask<int> RunAsync(TenantId? confirmed, CancellationToken cancellationToken)
    {
        var deleted = 0;
        _failed.Clear();
        var isRight = await guard.IsClockRightAsync(cancellationToken).ConfigureAwait(false);
        await TakeTurnsAsync(
            async tenant =>
                (tenant.Id == confirmed?.Value || (isRight && await guard.MayDeleteAsync(tenant, cancellationToken).ConfigureAwait(false)))
            && await BeginAsync(tenant, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        await TakeTurnsAsync(async tenant =>
        {
            var (done, hasMore) = await FinishAsync(new(tenant.Id), cancellationToken).ConfigureAwait(false);
            deleted += done;
            return hasMore;
        }).ConfigureAwait(false);
        return deleted;
    }

    /// <param name="turn">A tenant's turn, which returns whether it has more to do.</param>
    private async ValueTask TakeTurnsAsync(Func<ITenantRetention, ValueTask<bool>> turn)
    {
        for (var open = tenants.ToList(); open.Count > 0;)
        {
            foreach (var tenant in open.ToList())
            {
                if (!await turn(tenant).ConfigureAwait(false))
                {
                    open.Remove(tenant);
                }
            }
        }
    }

    /// <summary>Sessions whose last batch was received before are due.</summary>
    public DateTimeOffset DueBefore(ITenantRetention tenant) => clock.GetUtcNow() - TimeSpan.FromDays(tenant.RetentionDays);

    private async ValueTask<bool> BeginAsync(ITenantRetention tenant, CancellationToken cancellationToken)
    {
        var limit = Math.Min(MaxListed, BatchSize + _failed.Count(session => session.Tenant.Value == tenant.Id));
        var expired = await lifecycle.ListExpiredAsync(new(tenant.Id), DueBefore(tenant), limit, cancellationToken).ConfigureAwait(false);
        var begun = 0;
        foreach (var row in expired.Where(row => !_failed.Contains(row.Session)))
        {
            begun += await TryBeginAsync(row.Session, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        return expired.Count == limit && (begun > 0 || limit < MaxListed);
    }

    /// <summary>Whatever it is that one session fails by, the keys of the others are destroyed all the same. It stays due.</summary>
    private async ValueTask<bool> TryBeginAsync(SessionRef session, CancellationToken cancellationToken)
    {
        try
        {
            await deletion.BeginAsync(session, "retention", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not (CatalogUnavailableException or KeyStoreUnavailableException)
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            Log.DeletionFailed(logger, session, e);
            _failed.Add(session);
            return false;
        }
    }

    private async ValueTask<(int Done, bool HasMore)> FinishAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var after = _places.TryGetValue(tenant, out var place) ? place : (SessionId?)null;
        var begun = await lifecycle.ListDeletingAsync(tenant, after, BatchSize, cancellationToken).ConfigureAwait(false);
        var (done, failures) = (0, 0);
        foreach (var row in begun)
        {
            _places[tenant] = row.Session.Session;
            if (await TryFinishAsync(row, cancellationToken).ConfigureAwait(false))
            {
                (done, failures) = (done + 1, 0);
            }
            else if (++failures == MaxFailures)
            {
                return (done, false);
            }
        }

        if (begun.Count == BatchSize)
        {
            return (done, true);
        }

        _places.Remove(tenant);
        return (done, false);
    }

    private async ValueTask<bool> TryFinishAsync(SessionRow row, CancellationToken cancellationToken)
    {
        try
        {
            return await deletion.TryFinishAsync(row.Session, row, "retention", cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, it is this session's alone until it is shown to be others' too.
            Log.DeletionInterrupted(logger, row.Session, e);
            return false;
        }
    }
}
