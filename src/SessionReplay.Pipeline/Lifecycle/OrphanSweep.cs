using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Deletes what lies in the blob store past the retention and belongs to no session of the catalog: large chunks whose message never
/// reached the queue, and what crashes have left. Objects of sessions that the catalog knows go with them.
/// </summary>
internal sealed class OrphanSweep(
    [Guarded] IBlobStore blobs, [Guarded] ICatalogReader catalog, SessionDeletion deletion, SweepTurns turns, TimeProvider clock,
    ILogger<OrphanSweep> logger) : ISweep
{
    /// <summary>Days that are looked at again and again, so that an outage of a week leaves nothing behind.</summary>
    private const int Days = 7;

    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Does its work once a day.</summary>
    /// <returns>How many objects were deleted.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) =>
        turns.TakeAsync(Interval, tenant => SweepAsync(tenant, cancellationToken), cancellationToken);

    private async ValueTask<int> SweepAsync(ITenantRetention tenant, CancellationToken cancellationToken)
    {
        var (deleted, retained) = (0, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-tenant.RetentionDays));
        for (var day = 1; day <= Days; day++)
        {
            deleted += await SweepAsync(new(tenant.Id), retained.AddDays(-day), cancellationToken).ConfigureAwait(false);
        }

        return deleted;
    }

    private async ValueTask<int> SweepAsync(TenantId tenant, DateOnly day, CancellationToken cancellationToken)
    {
        var sessions = new Dictionary<SessionId, List<string>>();
        await foreach (var blob in blobs.ListAsync(BlobPaths.Day(tenant, day), cancellationToken).ConfigureAwait(false))
        {
            if (BlobPaths.TryReadSession(blob.Key, out var id))
            {
                (sessions.TryGetValue(id, out var keys) ? keys : sessions[id] = []).Add(blob.Key);
            }
        }

        var deleted = 0;
        foreach (var (id, keys) in sessions)
        {
            var session = new SessionRef(tenant, id);
            if (await catalog.FindSessionAsync(session, cancellationToken).ConfigureAwait(false) is not null)
            {
                continue;
            }

            // The tombstone keeps a message that is still on its way from naming an object that is gone.
            await deletion.DeleteAsync(session, "orphan", cancellationToken).ConfigureAwait(false);
            await blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
            Log.OrphansDeleted(logger, session, keys.Count);
            deleted += keys.Count;
        }

        return deleted;
    }
}
