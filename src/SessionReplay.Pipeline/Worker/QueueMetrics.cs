using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Worker;

/// <summary>
/// Asks the queue again and again how full it is, for the metrics. It is also the call that notices that a queue is back in a process that
/// publishes nothing. A queue that cannot count has no such metrics.
/// </summary>
internal sealed class QueueMetrics : BackgroundService
{
    private readonly IQueueMonitor? _monitor;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private StrongBox<QueueStatus>? _status;

    public QueueMetrics(
        IServiceProvider services, IMeterFactory meters, IOptions<WorkerOptions> options, TimeProvider clock, ILogger<QueueMetrics> logger)
    {
        _monitor = services.GetService<IQueueMonitor>() is null
            ? null
            : services.GetRequiredKeyedService<IQueueMonitor>(GuardedServices.Key);
        _interval = options.Value.StatusInterval;
        _clock = clock;
        _logger = logger;
        if (_monitor is not null)
        {
            Telemetry.ObserveQueue(meters, () => Volatile.Read(ref _status)?.Value);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_monitor is null)
        {
            return;
        }

        var failed = false;
        using var timer = new PeriodicTimer(_interval, _clock);
        do
        {
            try
            {
                Volatile.Write(ref _status, new(await _monitor.GetStatusAsync(stoppingToken).ConfigureAwait(false)));
                failed = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A figure of before would look like the present.
                Volatile.Write(ref _status, null);
                if (!failed)
                {
                    Log.QueueStatusFailed(_logger, e);
                }

                failed = true;
            }
        }
        while (await timer.WaitForTickOrStopAsync(stoppingToken).ConfigureAwait(false));
    }
}
