using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Moves chunks from the catalog to objects, and deletes the objects that recordings have replaced.</summary>
internal sealed class CompactionSweep(
    [Guarded] ISessionLifecycle lifecycle, SessionCompactor compactor, ReplacedObjects replaced, CatalogRoom room, TimeProvider clock,
    ILogger<CompactionSweep> logger)
{
    /// <summary>From half of its bound on, the catalog holds less of each session: more requests to the store, no refusal yet.</summary>
    private static readonly HoldingLimits LimitsWhenFilling = new(1024 * 1024, TimeSpan.FromMinutes(1));

    /// <summary>How many sessions are worked on at the same time: an object takes a store some 50 ms.</summary>
    private const int Parallelism = 4;

    /// <summary>After what time a session whose objects cannot be read is tried again.</summary>
    private static readonly TimeSpan RetryTime = TimeSpan.FromMinutes(15);

    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        await replaced.SweepAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Parallelism).Select(_ => CompactAllAsync(cancellationToken).AsTask()))
                .ConfigureAwait(false);
        }
        finally
        {
            await lifecycle.ReclaimSpaceAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CompactAllAsync(CancellationToken cancellationToken)
    {
        while (await ClaimAsync(cancellationToken).ConfigureAwait(false) is { } claim)
        {
            await CompactAsync(claim, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One at a time: what waits for its turn is free for others.</summary>
    private async ValueTask<CompactionClaim?> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var limits = room.Last is { } space && space.UsedBytes > space.MaxBytes / 2 ? LimitsWhenFilling : SessionCompactor.Limits;
        return (await lifecycle.ClaimForCompactionAsync(1, limits, now, now + ClaimHeartbeat.ClaimTime, cancellationToken)
            .ConfigureAwait(false)).SingleOrDefault();
    }

    /// <summary>
    /// One session that cannot be compacted does not keep the others waiting. After a reading that broke off its claim runs out by itself.
    /// </summary>
    private async ValueTask CompactAsync(CompactionClaim claim, CancellationToken cancellationToken)
    {
        try
        {
            await compactor.CompactAsync(claim, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobStoreUnavailableException)
        {
            // Free for the next sweep; this one ends.
            await lifecycle.RenewClaimAsync(claim, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            throw;
        }
        catch (IOException e)
        {
            Log.CompactionFailed(logger, claim.Row.Session, e);
        }
        catch (Exception e) when (e is BlobNotFoundException or FormatRejectedException)
        {
            if (await TrySpillAsync(claim, cancellationToken).ConfigureAwait(false)
                && await lifecycle.RenewClaimAsync(claim, clock.GetUtcNow() + RetryTime, cancellationToken).ConfigureAwait(false))
            {
                Log.CompactionFailed(logger, claim.Row.Session, e);
            }
            else
            {
                // The objects are gone because another has compacted the session.
                Log.ClaimLost(logger, claim.Row.Session);
            }
        }
    }

    /// <summary>A session with a damaged chunk waits; what the catalog holds of it must not wait with it.</summary>
    /// <returns>Whether the claim is still held.</returns>
    private async ValueTask<bool> TrySpillAsync(CompactionClaim claim, CancellationToken cancellationToken)
    {
        if (!await lifecycle.RenewClaimAsync(claim, clock.GetUtcNow() + ClaimHeartbeat.ClaimTime, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await compactor.SpillAsync(claim, cancellationToken).ConfigureAwait(false);
        }
        catch (FormatRejectedException e)
        {
            Log.CompactionFailed(logger, claim.Row.Session, e);
        }

        return true;
    }
}
