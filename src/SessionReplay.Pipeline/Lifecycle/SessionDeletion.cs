using Microsoft.Extensions.Logging;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Deletes a session for good: first its key and those of the assets that only it names (from then on the recording is dead everywhere,
/// also in backups), then its objects, then its rows.
/// A tombstone keeps batches that are still on their way from bringing it back, and what is interrupted from being forgotten. It may be run
/// again at any time.
/// </summary>
// Long: the container fills it.
public sealed class SessionDeletion(
    ISessionCipherProvider ciphers, [Guarded] ISessionLifecycle lifecycle, AssetDeletion assets, [Guarded] IBlobStore blobs,
    [Guarded] IAuditLog audit, [Guarded] IDeadLetterQueue deadLetters, TimeProvider clock, ILogger<SessionDeletion> logger)
{
    /// <summary>Deletes a session as far as it can be now. What cannot be is done by the sweeps of the workers.</summary>
    /// <returns>Whether all is done; <see langword="false"/> when the rest waits for a sweep.</returns>
    /// <exception cref="KeyStoreUnavailableException">Nothing was deleted.</exception>
    /// <exception cref="CatalogUnavailableException">The key is deleted; the rest is to be asked for again.</exception>
    public async ValueTask<bool> DeleteAsync(SessionRef session, string reason, CancellationToken cancellationToken)
    {
        var row = await BeginAsync(session, reason, cancellationToken).ConfigureAwait(false);
        return await TryFinishAsync(session, row, reason, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes the reason into the audit log, destroys a session's keys and notes that its objects and rows are to follow. The blob store is
    /// not needed.
    /// </summary>
    /// <returns>The session; <see langword="null"/> when the catalog has none.</returns>
    internal async ValueTask<SessionRow?> BeginAsync(SessionRef session, string reason, CancellationToken cancellationToken)
    {
        await audit.AppendAsync(
            new AuditEntry
            {
                At = clock.GetUtcNow(), Actor = "session-replay", Action = "session.destroy", Allowed = true, Tenant = session.Tenant,
                Session = session.Session,
                Detail = $"reason={reason}",
            },
            cancellationToken).ConfigureAwait(false);
        Log.SessionKeyDestroyed(logger, session, reason);
        await ciphers.DeleteAsync(session, cancellationToken).ConfigureAwait(false);
        var row = await lifecycle.BeginDeletionAsync(session, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        await assets.ShredAsync(session, cancellationToken).ConfigureAwait(false);
        return row;
    }

    /// <summary>Deletes objects and rows of a session whose deletion was begun.</summary>
    /// <returns>Whether they are deleted.</returns>
    public async ValueTask<bool> TryFinishAsync(SessionRef session, SessionRow? row, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await FinishAsync(session, row, reason, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is BlobStoreUnavailableException or CatalogUnavailableException or QueueUnavailableException)
        {
            Log.DeletionInterrupted(logger, session, e);
            return false;
        }
    }

    /// <summary>
    /// No part and no recording object can be named any more: a worker that writes one now finds the session deleted, and deletes it again.
    /// </summary>
    private async ValueTask FinishAsync(SessionRef session, SessionRow? row, string reason, CancellationToken cancellationToken)
    {
        if (row is not null)
        {
            var keys = new List<string>();
            await foreach (var blob in blobs.ListAsync(BlobPaths.Session(session, row.SessionStarted), cancellationToken)
                .ConfigureAwait(false))
            {
                keys.Add(blob.Key);
            }

            await blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
            var shredded = await assets.ShredAsync(session, cancellationToken).ConfigureAwait(false);
            await assets.FinishAsync(session.Tenant, shredded, cancellationToken).ConfigureAwait(false);
        }

        await deadLetters.DiscardAsync(session, cancellationToken).ConfigureAwait(false);
        await lifecycle.DeleteSessionAsync(session, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        Telemetry.Deletions.Add(1, new KeyValuePair<string, object?>("sessionreplay.reason", reason));
        Log.SessionDeleted(logger, session, reason);
    }
}
