using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Writes the chunks of a session that the catalog holds to an object: all of an ended session to its recording object, joined with what
/// was written before, and else as many as one part takes. A crash at any point is harmless: until the catalog names the new places, the
/// old ones are what is read, and the next claim writes an object of its own. A worker that lost its claim can neither replace what another
/// has written nor have its own named.
/// </summary>
internal sealed class SessionCompactor(
    [Guarded] IBlobStore blobs, [Guarded] ISessionLifecycle lifecycle, SessionChunks chunks, ReplacedObjects replaced, TimeProvider clock,
    ILogger<SessionCompactor> logger)
{
    /// <summary>What the catalog holds of a session at most before a part is written, and how much a part takes.</summary>
    public static readonly HoldingLimits Limits = new(16 * 1024 * 1024, TimeSpan.FromHours(1));

        public async ValueTask CompactAsync(CompactionClaim claim, CancellationToken cancellationToken)
    {
        var session = claim.Row.Session;
        if (await PlanAsync(claim, cancellationToken).ConfigureAwait(false) is not { } plan)
        {
            // Another has done it. The claim runs out by itself: given back, it would be made again at once.
            return;
        }

        if (await WriteAsync(claim, plan, cancellationToken).ConfigureAwait(false) is not { } superfluous)
        {
            Log.ClaimLost(logger, session);
            await blobs.DeleteAsync([plan.Key], cancellationToken).ConfigureAwait(false);
            return;
        }

        if (superfluous.Count > 0)
        {
            await replaced.TryDeleteAsync(session, superfluous, cancellationToken).ConfigureAwait(false);
        }

        Telemetry.Compactions.Add(1);
        Log.Compacted(logger, session, plan.Moved.Count);
    }

    /// <returns>What is to be written; <see langword="null"/> when there is nothing, or it has moved since it was listed.</returns>
    private async ValueTask<RecordingPlan?> PlanAsync(CompactionClaim claim, CancellationToken cancellationToken)
    {
        var (row, session) = (claim.Row, claim.Row.Session);
        var all = await chunks.ListAsync(session, cancellationToken).ConfigureAwait(false);
        var (part, bytes) = (new List<ChunkRow>(), 0L);
        foreach (var chunk in all.Where(static chunk => chunk.Location.IsInCatalog))
        {
            ChunkPlace.Check(session, row.SessionStarted, chunk.Location);
            if (bytes > 0 && bytes + chunk.Location.Length > Limits.Bytes)
            {
                break;
            }

            part.Add(chunk);
            bytes += chunk.Location.Length;
        }

        var isRecording = row.EndedAt is not null && row.RecordingKey is null && all.Count > 0
            && part.Count == all.Count(static chunk => chunk.Location.IsInCatalog);
        if ((part.Count == 0 && !isRecording)
            || await chunks.TryReadAsync(session, part, cancellationToken).ConfigureAwait(false) is not { } bodies)
        {
            return null;
        }

        return isRecording
            ? RecordingPlan.Recording(row, BlobPaths.Recording(session, row.SessionStarted, claim.Number), all, bodies)
            : RecordingPlan.Part(BlobPaths.Part(session, row.SessionStarted, claim.Number), part, bodies);
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
            if (!plan.HasObjects || !await blobs.TryConcatenateAsync(plan.Key, plan.Segments, heartbeat.Held).ConfigureAwait(false))
            {
                using var content = new SegmentStream(blobs, plan.Segments);
                await blobs.PutAsync(plan.Key, content, plan.Length, heartbeat.Held).ConfigureAwait(false);
            }
        }
        catch (Exception) when (heartbeat.IsLost && !cancellationToken.IsCancellationRequested)
        {
            // Also when it was an error: the other may have deleted what is read here by now.
            return null;
        }

        return await lifecycle.CompleteCompactionAsync(
            claim,
            new()
            {
                Key = plan.Key,
                IsRecording = plan.IsRecording,
                Moved = plan.Moved,
                Replaced = plan.IsRecording ? await ListReplacedAsync(claim, plan, cancellationToken).ConfigureAwait(false) : [],
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Lists the objects that were copied, and what earlier claims have left. Objects of single chunks that no chunk names stay until the
    /// session's retention ends: their message may still be in the queue or among the dead letters.
    /// </summary>
    private async ValueTask<IReadOnlyCollection<string>> ListReplacedAsync(
        CompactionClaim claim, RecordingPlan plan, CancellationToken cancellationToken)
    {
        var keys = plan.Moved.Where(static m => !m.From.IsInCatalog).Select(static m => m.From.BlobKey!).ToHashSet(StringComparer.Ordinal);
        if (claim.Number > 1)
        {
            await foreach (var blob in blobs.ListAsync(BlobPaths.Written(claim.Row.Session, claim.Row.SessionStarted), cancellationToken)
                .ConfigureAwait(false))
            {
                keys.Add(blob.Key);
            }

            keys.Remove(plan.Key);
        }

        return keys;
    }
}
