using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Destroys the keys of sessions past the retention that the catalog does not know: all their batches became dead letters, or were never
/// published. Nothing else would ever end what these keys open. Sessions that the catalog knows are <see cref="RetentionSweep"/>'s.
/// </summary>
internal sealed class KeySweep(
    [Guarded] IKeyLifecycle keys, [Guarded] ICatalogReader catalog, SessionDeletion deletion, SweepTurns turns, TimeProvider clock,
    ILogger<KeySweep> logger) : ISweep
{
    /// <summary>
    /// How much longer than the retention a key is kept: its batches may wait in a browser (a day at most) or in the queue.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Does its work once a day.</summary>
    /// <returns>How many keys were destroyed.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) =>
        turns.TakeAsync(Interval, tenant => SweepAsync(tenant, cancellationToken), cancellationToken);

    private async ValueTask<int> SweepAsync(ITenantRetention tenant, CancellationToken cancellationToken)
    {
        var (deleted, due) = (0, clock.GetUtcNow() - TimeSpan.FromDays(tenant.RetentionDays) - Grace);
        await foreach (var key in keys.ListAllAsync(new(tenant.Id), DataKeyPurpose.Session, due, cancellationToken).ConfigureAwait(false))
        {
            var session = new SessionRef(key.Tenant, new(key.Id));
            if (await catalog.FindSessionAsync(session, cancellationToken).ConfigureAwait(false) is null)
            {
                await deletion.DeleteAsync(session, "orphan-key", cancellationToken).ConfigureAwait(false);
                deleted++;
            }
        }

        if (deleted > 0)
        {
            Log.OrphanKeysDestroyed(logger, deleted, new(tenant.Id));
        }

        return deleted;
    }
}
