using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Deletes objects that compaction has made superfluous. The catalog remembers them until they are gone, so that a crash or an outage leaves none.</summary>
internal sealed class ReplacedObjects([Guarded] ISessionLifecycle lifecycle, [Guarded] IBlobStore blobs, ILogger<ReplacedObjects> logger)
{
    private const int BatchSize = 1000;

    public async ValueTask DeleteAsync(SessionRef session, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
        await lifecycle.ForgetReplacedAsync(session, keys, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes what is left of all sessions. One whose objects cannot be deleted does not keep the others' from it.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ReplacedObject> left = [];
        do
        {
            left = await lifecycle.ListReplacedAsync(left.LastOrDefault(), BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var session in left.GroupBy(replaced => replaced.Session, replaced => replaced.BlobKey))
            {
                try
                {
                    await DeleteAsync(session.Key, [.. session], cancellationToken).ConfigureAwait(false);
                }
                catch (BlobStoreUnavailableException e)
                {
                    Log.ReplacedNotDeleted(logger, session.Key, e);
                }
            }
        }
        while (left.Count == BatchSize);
    }
}
