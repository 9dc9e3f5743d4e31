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
    [Guarded] IBlobStore blobs, [Guarded] ICatalogReader catalog, [Guarded] ISessionLifecycle lifecycle, TimeProvider clock, ILogger<SessionCompactor> logger)
{
    /// <summary>A part that no chunk names is left over from a crash; one that is younger may be about to be recorded.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromMinutes(10);

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

    private async ValueTask DeletePartsAsync(SessionRow row, RecordingPlan plan, CancellationToken cancellationToken)
    {
        var parts = new List<BlobInfo>();
        await foreach (var part in blobs.ListAsync(BlobPaths.Parts(row.Session, row.SessionStarted), cancellationToken).ConfigureAwait(false))
        {
            parts.Add(part);
        }

        // Listed before the catalog is asked: a part that comes later is in neither list.
        var chunks = await catalog.ListChunksAsync(row.Session, cancellationToken).ConfigureAwait(false);
        var named = chunks.Select(c => c.Location.BlobKey).ToHashSet(StringComparer.Ordinal);
        var copied = plan.Moved.Select(m => m.From.BlobKey).ToHashSet(StringComparer.Ordinal);
        var young = clock.GetUtcNow() - OrphanAge;
        await blobs.DeleteAsync(
            [.. parts.Where(p => !named.Contains(p.Key) && (copied.Contains(p.Key) || p.LastModified < young)).Select(p => p.Key)],
            cancellationToken).ConfigureAwait(false);
    }
}
