using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>
/// Deletes a session for good: its key first (from then on the recording is dead everywhere, also in backups), then its objects, then its rows.
/// Tombstones keep batches that are still on their way from bringing it back. It may be run again at any time.
/// </summary>
internal sealed class SessionDeletion(
    ISessionCipherProvider ciphers, [Guarded] ICatalogReader catalog, [Guarded] ISessionLifecycle lifecycle, [Guarded] IBlobStore blobs, TimeProvider clock, ILogger<SessionDeletion> logger)
{
    /// <exception cref="KeyStoreUnavailableException">Nothing was deleted.</exception>
    /// <exception cref="CatalogUnavailableException">The key is deleted; the rest is to be done again.</exception>
    /// <exception cref="BlobStoreUnavailableException">The key is deleted; the rest is to be done again.</exception>
    public async ValueTask DeleteAsync(SessionRef session, string reason, CancellationToken cancellationToken)
    {
        await ciphers.DeleteAsync(session, cancellationToken).ConfigureAwait(false);
        var row = await catalog.FindSessionAsync(session, cancellationToken).ConfigureAwait(false);
        if (row is not null)
        {
            await DeleteObjectsAsync(row, cancellationToken).ConfigureAwait(false);
        }

        await lifecycle.DeleteSessionAsync(session, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (row is not null)
        {
            // A worker may have stored a part between the first look and the tombstone; after it, none can be recorded any more.
            await DeleteObjectsAsync(row, cancellationToken).ConfigureAwait(false);
        }

        Telemetry.Deletions.Add(1, new KeyValuePair<string, object?>("sessionreplay.reason", reason));
        Log.SessionDeleted(logger, session);
    }

    private async ValueTask DeleteObjectsAsync(SessionRow row, CancellationToken cancellationToken)
    {
        var keys = new List<string> { BlobPaths.Recording(row.Session, row.SessionStarted) };
        await foreach (var blob in blobs.ListAsync(BlobPaths.Parts(row.Session, row.SessionStarted), cancellationToken).ConfigureAwait(false))
        {
            keys.Add(blob.Key);
        }

        await blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
    }
}
