using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>
/// Makes the recording object of an ended session out of its parts. A crash at any point is harmless: until the catalog names the new places the
/// parts are what is read, and the next run writes the same object again.
/// </summary>
internal sealed class SessionCompactor(
    [Guarded] IBlobStore blobs, [Guarded] ICatalogReader catalog, [Guarded] ISessionLifecycle lifecycle, ILogger<SessionCompactor> logger)
{
    public async ValueTask CompactAsync(SessionRow row, CancellationToken cancellationToken)
    {
        var chunks = await catalog.ListChunksAsync(row.Session, cancellationToken).ConfigureAwait(false);
        if (chunks.Count == 0)
        {
            return;
        }

        var key = BlobPaths.Recording(row.Session, row.SessionStarted);
        var plan = RecordingPlan.Create(key, chunks);
        if (blobs is not IBlobConcatenator concatenator
            || !await concatenator.TryConcatenateAsync(key, plan.Segments, cancellationToken).ConfigureAwait(false))
        {
            using var content = new SegmentStream(blobs, plan.Segments);
            await blobs.PutAsync(key, content, plan.Length, cancellationToken).ConfigureAwait(false);
        }

        if (!await lifecycle.CompleteCompactionAsync(row.Session, key, plan.Moved, cancellationToken).ConfigureAwait(false))
        {
            // Deleted meanwhile: the deletion may have looked before the object was there.
            await blobs.DeleteAsync([key], cancellationToken).ConfigureAwait(false);
            return;
        }

        await DeletePartsAsync(row, plan, cancellationToken).ConfigureAwait(false);
        Telemetry.Compactions.Add(1);
        Log.Compacted(logger, row.Session, chunks.Count);
    }

    /// <summary>
    /// Deletes the parts that were copied. Others that no chunk names stay until the session's retention ends: what a crash has left cannot be told from
    /// a chunk whose message is still in the queue, or set aside as a dead letter.
    /// </summary>
    private async ValueTask DeletePartsAsync(SessionRow row, RecordingPlan plan, CancellationToken cancellationToken)
    {
        var chunks = await catalog.ListChunksAsync(row.Session, cancellationToken).ConfigureAwait(false);
        var named = chunks.Select(c => c.Location.BlobKey).ToHashSet(StringComparer.Ordinal);
        await blobs.DeleteAsync([.. plan.Moved.Select(m => m.From.BlobKey).Where(key => !named.Contains(key)).Distinct(StringComparer.Ordinal)], cancellationToken)
            .ConfigureAwait(false);
    }
}
