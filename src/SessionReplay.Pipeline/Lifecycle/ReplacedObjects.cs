using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Deletes objects that compaction has made superfluous. The catalog remembers them until they are gone, so that a crash or an outage
/// leaves none.
/// </summary>
internal sealed class ReplacedObjects([Guarded] ISessionLifecycle lifecycle, [Guarded] IBlobStore blobs, ILogger<ReplacedObjects> logger)
{
    /// <summary>How many sessions that fail one after the other end a sweep: most likely the store is away.</summary>
    public const int MaxFailures = 10;

    private const int BatchSize = 1000;

    /// <summary>Behind which object the next sweep goes on, so that those which always fail stand in nobody's way.</summary>
    private ReplacedObject? _place;

    /// <summary>Deletes what is left of all sessions.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        IReadOnlyList<ReplacedObject> left;
        do
        {
            left = await lifecycle.ListReplacedAsync(_place, BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var session in left.GroupBy(replaced => replaced.Session))
            {
                _place = session.Last();
                failures = await TryDeleteAsync(session.Key, [.. session.Select(r => r.BlobKey)], cancellationToken).ConfigureAwait(false)
                    ? 0
                    : failures + 1;
                if (failures == MaxFailures)
                {
                    return;
                }
            }
        }
        while (left.Count == BatchSize);
        _place = null;
    }

    /// <summary>
    /// Deletes a session's objects. Where that fails they are left to a sweep: the session is compacted in any case, and others wait for
    /// their turn.
    /// </summary>
    /// <returns>Whether they are deleted.</returns>
    public async ValueTask<bool> TryDeleteAsync(SessionRef session, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            await blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
            await lifecycle.ForgetReplacedAsync(session, keys, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, it is this session's alone until it is shown to be others' too.
            Log.ReplacedNotDeleted(logger, session, e);
            return false;
        }
    }
}
