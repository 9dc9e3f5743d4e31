using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

/// <summary>Renews leases at intervals, one round at a time, until it is disposed.</summary>
internal sealed class LeaseRenewal : IAsyncDisposable, IDisposable
{
    private readonly Func<Task> _renew;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _isRenewing;

    /// <param name="interval">The time between two rounds. One that is due while another runs is left out.</param>
    /// <param name="renew">Renews what is to be renewed. A failure is logged, and the next round tries again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Takes failures.</param>
    internal LeaseRenewal(TimeSpan interval, Func<Task> renew, TimeProvider time, ILogger logger)
    {
        _renew = renew;
        _logger = logger;
        _timer = time.CreateTimer(static state => _ = ((LeaseRenewal)state!).RenewAsync(), this, interval, interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    public void Dispose() => _timer.Dispose();

    private async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _isRenewing, 1) != 0)
        {
            return;
        }

        try
        {
            await _renew().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            QueueLog.RenewalFailed(_logger, e);
        }
        finally
        {
            Volatile.Write(ref _isRenewing, 0);
        }
    }
}
