using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Runs;
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

    /// <summary>Writes what is due of a session.</summary>
    /// <exception cref="BlobNotFoundException">An object with chunks of the session is gone.</exception>
    /// <exception cref="FormatRejectedException">A row of the session, or bytes that the catalog holds, are not what they should
    /// be.</exception>
    public ValueTask CompactAsync(CompactionClaim claim, CancellationToken cancellationToken) =>
        WriteAsync(claim, isRecording: claim.Row.EndedAt is not null && claim.Row.RecordingKey is null, cancellationToken);

    /// <summary>
    /// Writes what the catalog holds of a session that cannot be compacted to a part, so that it does not keep the room of others.
    /// </summary>
    public ValueTask SpillAsync(CompactionClaim claim, CancellationToken cancellationToken) =>
        WriteAsync(claim, isRecording: false, cancellationToken);

    private async ValueTask WriteAsync(CompactionClaim claim, bool isRecording, CancellationToken cancellationToken)
    {
        var session = claim.Row.Session;
        var heartbeat = ClaimHeartbeat.Start(lifecycle, claim, clock, logger, cancellationToken);
        await using var heartbeatScope = heartbeat.ConfigureAwait(false);
        if (await PlanAsync(claim, isRecording, heartbeat.Held).ConfigureAwait(false) is not { } plan)
        {
            return;
        }

        if (await PutAsync(claim, plan, heartbeat, cancellationToken).ConfigureAwait(false) is not { } superfluous)
        {
            Log.ClaimLost(logger, session);
            await DeleteUnnamedAsync(session, plan.Key, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (superfluous.Count > 0)
        {
            await replaced.TryDeleteAsync(session, superfluous, cancellationToken).ConfigureAwait(false);
        }

        Telemetry.Compactions.Add(1);
        Log.Compacted(logger, session, plan.Moved.Count);
    }

    /// <summary>
    /// The completion may have been committed although its answer was lost, and another may have claimed the session since: then the
    /// catalog names the object. After that claim, no completion under this one can be committed any more.
    /// </summary>
    private async ValueTask DeleteUnnamedAsync(SessionRef session, string key, CancellationToken cancellationToken)
    {
        var all = await chunks.ListAsync(session, heldOnly: false, cancellationToken).ConfigureAwait(false);
        if (!all.Exists(chunk => chunk.Location.BlobKey == key))
        {
            await blobs.DeleteAsync([key], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>What is to be written; <see langword="null"/> when there is nothing.</returns>
    private async ValueTask<RecordingPlan?> PlanAsync(CompactionClaim claim, bool isRecording, CancellationToken cancellationToken)
    {
        var (row, session) = (claim.Row, claim.Row.Session);
        var all = await chunks.ListAsync(session, heldOnly: !isRecording, cancellationToken).ConfigureAwait(false);
        var held = all.FindAll(static chunk => chunk.Location.IsInCatalog);
        var part = TakePart(row, held);
        var bodies = await chunks.ReadAsync(session, part, cancellationToken).ConfigureAwait(false);
        if (isRecording && part.Count == held.Count && all.Count > 0)
        {
            return bodies.Count == held.Count
                ? RecordingPlan.Recording(row, BlobPaths.Recording(session, row.SessionStarted, claim.Number), all, bodies)
                : throw new FormatRejectedException("R3", "The catalog does not hold the bytes of a chunk, or holds others.");
        }

        // Of an ended session that is too large for one object: it is claimed again until the rest is a recording.
        part = part.FindAll(chunk => bodies.ContainsKey(new(chunk.Window, chunk.Seq)));
        if (part.Count == 0 && held.Count > 0)
        {
            throw new FormatRejectedException("R3", "The catalog does not hold the bytes of a chunk, or holds others.");
        }

        return part.Count == 0 ? null : RecordingPlan.Part(BlobPaths.Part(session, row.SessionStarted, claim.Number), part, bodies);
    }

    /// <summary>Takes as many chunks as one object has at most.</summary>
    private static List<ChunkRow> TakePart(SessionRow row, IEnumerable<ChunkRow> held)
    {
        return ByteRuns.Split(held, CheckedLength, Limits.Bytes).FirstOrDefault([]);

        long CheckedLength(ChunkRow chunk)
        {
            ChunkPlace.Check(row.Session, row.SessionStarted, chunk.Location);
            return chunk.Location.Length;
        }
    }

    /// <returns>What is to be deleted now that the catalog names the object; <see langword="null"/> when the claim is lost or the session
    /// deleted: the deletion may have looked before the object was there.</returns>
    private async ValueTask<IReadOnlyList<string>?> PutAsync(
        CompactionClaim claim, RecordingPlan plan, ClaimHeartbeat heartbeat, CancellationToken cancellationToken)
    {
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
