using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.Replication;

/// <summary>Catches members up in the background.</summary>
internal sealed class ReconcileService(
    Reconciler reconciler, IOptions<ReplicatedStorageOptions> options, TimeProvider clock, ILogger<ReconcileService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await reconciler.RunAsync(stoppingToken).ConfigureAwait(false))
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever a member's adapter throws: an error that left here would stop the application, and the other members with it.
                Log.ReconcileFailed(logger, e);
            }

            try
            {
                // Apart from one another, so that many processes do not work on the same notes at the same time.
                await Task.Delay(options.Value.ReconcileInterval * (0.75 + (Random.Shared.NextDouble() / 2)), clock, stoppingToken)
                    .ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
