using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Deletes objects that compaction has made superfluous. The catalog remembers them until they are gone, so that a crash or an outage leaves none.</summary>
internal sealed class ReplacedObjects([Guarded] ISessionLifecycle lifecycle, [Guarded] IBlobStore blobs, ILogger<ReplacedObjects> logger)
{
    private const int BatchSize = 1000;

    /// <summary>Deletes what is left of all sessions.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<ReplacedObject> left = [];
        do
        {
            left = await lifecycle.ListReplacedAsync(left.LastOrDefault(), BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var session in left.GroupBy(replaced => replaced.Session, replaced => replaced.BlobKey))
            {
                await TryDeleteAsync(session.Key, [.. session], cancellationToken).ConfigureAwait(false);
            }
        }
        while (left.Count == BatchSize);
    }

    /// <summary>Deletes a session's objects. Where the store fails they are left to a sweep: the session is compacted in any case, and others wait for their turn.</summary>
    public async ValueTask TryDeleteAsync(SessionRef session, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            await blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
            await lifecycle.ForgetReplacedAsync(session, keys, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobStoreUnavailableException e)
        {
            Log.ReplacedNotDeleted(logger, session, e);
        }
    }
}
