using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Ends idle sessions, compacts ended ones, applies retention and deletes orphans, again and again. Any number of processes may run it.</summary>
internal sealed class LifecycleService(
    [Guarded] ISessionLifecycle lifecycle, SessionCompactor compactor, RetentionSweep retention, OrphanSweep orphans, IOptions<SessionReplayOptions> options,
    TimeProvider clock,
    ILogger<LifecycleService> logger) : BackgroundService
{
    private const int ClaimSize = 8;
    private static readonly TimeSpan ClaimTime = TimeSpan.FromMinutes(15);

    private readonly SessionOptions _options = options.Value.Sessions;

    /// <summary>Does all that is due.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await lifecycle.EndSessionsAsync(now - _options.IdleTimeout, now - _options.MaxDuration, now, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            now = clock.GetUtcNow();
            var claimed = await lifecycle.ClaimForCompactionAsync(ClaimSize, now, now + ClaimTime, cancellationToken).ConfigureAwait(false);
            foreach (var row in claimed)
            {
                await CompactAsync(row, cancellationToken).ConfigureAwait(false);
            }

            if (claimed.Count < ClaimSize)
            {
                break;
            }
        }

        await retention.RunAsync(cancellationToken).ConfigureAwait(false);
        await orphans.RunAsync(cancellationToken).ConfigureAwait(false);
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
        }
        while (await timer.WaitForTickOrStopAsync(stoppingToken).ConfigureAwait(false));
    }

    /// <summary>One session that cannot be compacted does not keep the others waiting; its claim runs out and it is tried again.</summary>
    private async ValueTask CompactAsync(SessionRow row, CancellationToken cancellationToken)
    {
        try
        {
            await compactor.CompactAsync(row, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is BlobNotFoundException or IOException or Format.FormatRejectedException)
        {
            Log.CompactionFailed(logger, row.Session, e);
        }
    }
}
