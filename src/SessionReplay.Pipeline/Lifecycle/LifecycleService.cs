using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Runs the sweeps again and again. Any number of processes may do so.</summary>
internal sealed class LifecycleService(
    LifecycleSweeps sweeps, IOptions<SessionLifecycleOptions> options, TimeProvider clock, ILogger<LifecycleService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, clock);
        do
        {
            try
            {
                await sweeps.RunAsync(stoppingToken).ConfigureAwait(false);
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
}
