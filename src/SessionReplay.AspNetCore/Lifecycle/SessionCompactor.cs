using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>
/// Makes the recording object of an ended session out of its parts. A crash at any point is harmless: until the catalog names the new places the
/// parts are what is read, and the next claim writes an object of its own. Whoever lost his claim can neither replace what another has written nor have his
/// own named.
/// </summary>
internal sealed class SessionCompactor(
    [Guarded] IBlobStore blobs, [Guarded] ICatalogReader catalog, [Guarded] ISessionLifecycle lifecycle, TimeProvider clock, ILogger<SessionCompactor> logger)
{
    public async ValueTask CompactAsync(CompactionClaim claim, CancellationToken cancellationToken)
    {
        var session = claim.Row.Session;
        var chunks = await catalog.ListChunksAsync(session, cancellationToken).ConfigureAwait(false);
        if (chunks.Count == 0)
        {
            return;
        }

        var plan = RecordingPlan.Create(BlobPaths.Recording(session, claim.Row.SessionStarted, claim.Number), chunks);
        if (!await WriteAsync(claim, plan, cancellationToken).ConfigureAwait(false))
        {
            Log.ClaimLost(logger, session);
            await blobs.DeleteAsync([plan.Key], cancellationToken).ConfigureAwait(false);
            return;
        }

        await DeleteReplacedAsync(claim, plan, cancellationToken).ConfigureAwait(false);
        Telemetry.Compactions.Add(1);
        Log.Compacted(logger, session, chunks.Count);
    }

    /// <returns>Whether the catalog names the object; <see langword="false"/> when the claim is lost or the session deleted: the deletion may have looked before the object was there.</returns>
    private async ValueTask<bool> WriteAsync(CompactionClaim claim, RecordingPlan plan, CancellationToken cancellationToken)
    {
        var heartbeat = ClaimHeartbeat.Start(lifecycle, claim, clock, logger, cancellationToken);
        await using var heartbeatScope = heartbeat.ConfigureAwait(false);
        try
        {
            if (blobs is not IBlobConcatenator concatenator
                || !await concatenator.TryConcatenateAsync(plan.Key, plan.Segments, heartbeat.Held).ConfigureAwait(false))
            {
                using var content = new SegmentStream(blobs, plan.Segments);
                await blobs.PutAsync(plan.Key, content, plan.Length, heartbeat.Held).ConfigureAwait(false);
            }
        }
        catch (Exception) when (heartbeat.IsLost && !cancellationToken.IsCancellationRequested)
        {
            // Also when it was an error: the other may have deleted the parts meanwhile.
            return false;
        }

        return await lifecycle.CompleteCompactionAsync(claim, plan.Key, plan.Moved, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes the parts that were copied, and what earlier claims have left. Other parts that no chunk names stay until the session's retention ends: what a
    /// crash has left cannot be told from a chunk whose message is still in the queue, or set aside as a dead letter.
    /// </summary>
    private async ValueTask DeleteReplacedAsync(CompactionClaim claim, RecordingPlan plan, CancellationToken cancellationToken)
    {
        var session = claim.Row.Session;
        var chunks = await catalog.ListChunksAsync(session, cancellationToken).ConfigureAwait(false);
        var named = chunks.Select(c => c.Location.BlobKey).ToHashSet(StringComparer.Ordinal);
        var replaced = plan.Moved.Select(m => m.From.BlobKey).Where(key => !named.Contains(key)).ToHashSet(StringComparer.Ordinal);
        if (claim.Number > 1)
        {
            await foreach (var blob in blobs.ListAsync(BlobPaths.Recordings(session, claim.Row.SessionStarted), cancellationToken).ConfigureAwait(false))
            {
                if (blob.Key != plan.Key)
                {
                    replaced.Add(blob.Key);
                }
            }
        }

        await blobs.DeleteAsync(replaced, cancellationToken).ConfigureAwait(false);
    }
}
