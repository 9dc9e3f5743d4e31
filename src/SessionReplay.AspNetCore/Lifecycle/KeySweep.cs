using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>
/// Destroys the keys of sessions past the retention that the catalog does not know: all their batches became dead letters, or were never published.
/// Nothing else would ever end what these keys open. Sessions that the catalog knows are <see cref="RetentionSweep"/>'s.
/// </summary>
internal sealed class KeySweep(
    [Guarded] IKeyLifecycle keys, [Guarded] ICatalogReader catalog, SessionDeletion deletion, RetentionGuard guard, IOptions<SessionReplayOptions> options,
    TimeProvider clock, ILogger<KeySweep> logger) : ISweep
{
    /// <summary>How much longer than the retention a key is kept: its batches may wait in a browser (a day at most) or in the queue.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private const int BatchSize = 500;

    private DateOnly _lastRun;

    /// <summary>Does its work once a day.</summary>
    /// <returns>How many keys were destroyed.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (_lastRun == today || !await guard.IsClockRightAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var deleted = 0;
        foreach (var tenant in options.Value.Tenants)
        {
            if (await guard.MayDeleteAsync(tenant, cancellationToken).ConfigureAwait(false))
            {
                deleted += await SweepAsync(tenant, cancellationToken).ConfigureAwait(false);
            }
        }

        _lastRun = today;
        return deleted;
    }

    private async ValueTask<int> SweepAsync(TenantOptions tenant, CancellationToken cancellationToken)
    {
        var (deleted, due) = (0, clock.GetUtcNow() - TimeSpan.FromDays(tenant.RetentionDays) - Grace);
        IReadOnlyList<DataKeyId> page;
        DataKeyId? after = null;
        do
        {
            page = await keys.ListKeysAsync(new(tenant.Id), DataKeyPurpose.Session, due, after, BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var key in page)
            {
                after = key;
                var session = new SessionRef(key.Tenant, new(key.Id));
                if (await catalog.FindSessionAsync(session, cancellationToken).ConfigureAwait(false) is null)
                {
                    await deletion.DeleteAsync(session, "orphan-key", cancellationToken).ConfigureAwait(false);
                    deleted++;
                }
            }
        }
        while (page.Count == BatchSize);

        if (deleted > 0)
        {
            Log.OrphanKeysDestroyed(logger, deleted, new(tenant.Id));
        }

        return deleted;
    }
}
