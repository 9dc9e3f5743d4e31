using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Ends idle sessions, applies retention, compacts ended sessions and runs the other sweeps, again and again. Any number of processes may run it.</summary>
internal sealed class LifecycleService(
    [Guarded] ISessionLifecycle lifecycle, [Guarded] IQuotaStore quotas, SessionCompactor compactor, ReplacedObjects replaced, RetentionSweep retention,
    IEnumerable<ISweep> sweeps, IOptions<SessionReplayOptions> options, TimeProvider clock, ILogger<LifecycleService> logger) : BackgroundService
{
    /// <summary>After what time a session whose parts cannot be read is tried again.</summary>
    private static readonly TimeSpan RetryTime = TimeSpan.FromMinutes(15);

    private readonly SessionOptions _options = options.Value.Sessions;

    /// <summary>Does all that is due.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await lifecycle.EndSessionsAsync(now - _options.IdleTimeout, now - _options.MaxDuration, now, cancellationToken).ConfigureAwait(false);
        await quotas.RemoveEndedAsync(now, cancellationToken).ConfigureAwait(false);
        // First: what is to be deleted need not be compacted, and keys are destroyed also while compaction must wait for the store.
        await retention.RunAsync(cancellationToken).ConfigureAwait(false);
        await replaced.SweepAsync(cancellationToken).ConfigureAwait(false);
        while (await ClaimAsync(cancellationToken).ConfigureAwait(false) is { } claim)
        {
            await CompactAsync(claim, cancellationToken).ConfigureAwait(false);
        }

        foreach (var sweep in sweeps)
        {
            await sweep.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.SweepInterval, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is CatalogUnavailableException or BlobStoreUnavailableException or KeyStoreUnavailableException)
            {
                Log.SweepFailed(logger, e);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Whatever it is, it must not end the application, which is what an error of a hosted service does.
                Log.SweepBroke(logger, e);
            }
        }
        while (await timer.WaitForTickOrStopAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>One at a time: what waits for its turn is free for others.</summary>
    private async ValueTask<CompactionClaim?> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return (await lifecycle.ClaimForCompactionAsync(1, now, now + ClaimHeartbeat.ClaimTime, cancellationToken).ConfigureAwait(false)).SingleOrDefault();
    }

    /// <summary>One session that cannot be compacted does not keep the others waiting. After a reading that broke off its claim runs out by itself.</summary>
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
        catch (Exception e) when (e is BlobNotFoundException or Format.FormatRejectedException)
        {
            if (await lifecycle.RenewClaimAsync(claim, clock.GetUtcNow() + RetryTime, cancellationToken).ConfigureAwait(false))
            {
                Log.CompactionFailed(logger, claim.Row.Session, e);
            }
            else
            {
                // The parts are gone because another has compacted the session.
                Log.ClaimLost(logger, claim.Row.Session);
            }
        }
    }
}
