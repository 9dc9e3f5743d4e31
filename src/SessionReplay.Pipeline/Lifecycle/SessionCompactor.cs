using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Makes the recording object of an ended session out of its parts. A crash at any point is harmless: until the catalog names the new
/// places the parts are what is read, and the next claim writes an object of its own. A worker that lost its claim can neither replace what
/// another has written nor have its own named.
/// </summary>
internal sealed class SessionCompactor(
    [Guarded] IBlobStore blobs, [Guarded] ICatalogReader catalog, [Guarded] ISessionLifecycle lifecycle, ReplacedObjects replaced,
    TimeProvider clock, ILogger<SessionCompactor> logger)
{
    private const int PageSize = 500;

    public async ValueTask CompactAsync(CompactionClaim claim, CancellationToken cancellationToken)
    {
        var session = claim.Row.Session;
        var chunks = await ListAsync(session, cancellationToken).ConfigureAwait(false);
        if (chunks.Count == 0)
        {
            return;
        }

        var plan = RecordingPlan.Create(claim.Row, BlobPaths.Recording(session, claim.Row.SessionStarted, claim.Number), chunks);
        if (await WriteAsync(claim, plan, cancellationToken).ConfigureAwait(false) is not { } superfluous)
        {
            Log.ClaimLost(logger, session);
            await blobs.DeleteAsync([plan.Key], cancellationToken).ConfigureAwait(false);
            return;
        }

        await replaced.TryDeleteAsync(session, superfluous, cancellationToken).ConfigureAwait(false);
        Telemetry.Compactions.Add(1);
        Log.Compacted(logger, session, chunks.Count);
    }

    /// <summary>Lists the chunks without their facts, which may be a thousand times as large as their places.</summary>
    private async ValueTask<List<ChunkRow>> ListAsync(SessionRef session, CancellationToken cancellationToken)
    {
        var chunks = new List<ChunkRow>();
        await foreach (var chunk in catalog.ReadChunksAsync(session, null, PageSize, cancellationToken).ConfigureAwait(false))
        {
            chunks.Add(chunk with { SealedFacts = default });
        }

        return chunks;
    }

    /// <returns>What is to be deleted now that the catalog names the object; <see langword="null"/> when the claim is lost or the session
    /// deleted: the deletion may have looked before the object was there.</returns>
    private async ValueTask<IReadOnlyList<string>?> WriteAsync(
        CompactionClaim claim, RecordingPlan plan, CancellationToken cancellationToken)
    {
        var heartbeat = ClaimHeartbeat.Start(lifecycle, claim, clock, logger, cancellationToken);
        await using var heartbeatScope = heartbeat.ConfigureAwait(false);
        try
        {
            if (!await blobs.TryConcatenateAsync(plan.Key, plan.Segments, heartbeat.Held).ConfigureAwait(false))
            {
                using var content = new SegmentStream(blobs, plan.Segments);
                await blobs.PutAsync(plan.Key, content, plan.Length, heartbeat.Held).ConfigureAwait(false);
            }
        }
        catch (Exception) when (heartbeat.IsLost && !cancellationToken.IsCancellationRequested)
        {
            // Also when it was an error: the other may have deleted the parts by now.
            return null;
        }

        var left = await ListReplacedAsync(claim, plan, cancellationToken).ConfigureAwait(false);
        return await lifecycle.CompleteCompactionAsync(claim, plan.Key, plan.Moved, left, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Lists the parts that were copied, and what earlier claims have left. Other parts that no chunk names stay until the session's
    /// retention ends: what a crash has left cannot be distinguished from a chunk whose message is still in the queue or dead-lettered.
    /// </summary>
    private async ValueTask<IReadOnlyCollection<string>> ListReplacedAsync(
        CompactionClaim claim, RecordingPlan plan, CancellationToken cancellationToken)
    {
        var keys = plan.Moved.Select(m => m.From.BlobKey).ToHashSet(StringComparer.Ordinal);
        if (claim.Number > 1)
        {
            await foreach (var blob in blobs.ListAsync(BlobPaths.Recordings(claim.Row.Session, claim.Row.SessionStarted), cancellationToken)
                .ConfigureAwait(false))
            {
                keys.Add(blob.Key);
            }

            keys.Remove(plan.Key);
        }

        return keys;
    }
}
