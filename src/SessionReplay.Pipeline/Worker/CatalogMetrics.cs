using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline.Messages;

namespace SessionReplay.Pipeline.Worker;

/// <summary>Asks the catalog again and again how full it is, for the metrics.</summary>
internal sealed class CatalogMetrics : BackgroundService
{
    private readonly CatalogRoom _room;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile bool _isKnown;

    public CatalogMetrics(
        CatalogRoom room, IMeterFactory meters, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<CatalogMetrics> logger)
    {
        (_room, _interval, _clock, _logger) = (room, options.Value.StatusInterval, clock, logger);
        Telemetry.ObserveCatalog(meters, () => _isKnown ? _room.Last : null);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failed = false;
        using var timer = new PeriodicTimer(_interval, _clock);
        do
        {
            try
            {
                if (await _room.IsFullAsync(stoppingToken).ConfigureAwait(false))
                {
                    Log.CatalogFull(_logger, _room.Last!.Value.UsedBytes, _room.Last.Value.MaxBytes);
                }

                (_isKnown, failed) = (true, false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A figure of before would look like the present.
                _isKnown = false;
                if (!failed)
                {
                    Log.CatalogSpaceUnknown(_logger, e);
                }

                failed = true;
            }
        }
        while (await timer.WaitForTickOrStopAsync(stoppingToken).ConfigureAwait(false));
    }
}
