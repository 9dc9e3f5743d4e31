using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>Tells the server that the unsettled deliveries are being worked on, at a third of the lease time.</summary>
internal sealed class NatsLeases
{
    private readonly ConcurrentDictionary<NatsDelivery, bool> _unsettled = new();
    private readonly NatsQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _renewal;
    private int _renewing;

    internal NatsLeases(NatsQueueOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        var period = options.LeaseTime / 3;
        _renewal = time.CreateTimer(static state => _ = ((NatsLeases)state!).RenewAsync(), this, period, period);
    }

    /// <summary>Gets how many deliveries are unsettled.</summary>
    internal int Count => _unsettled.Count;

    internal void Add(NatsDelivery delivery) => _unsettled[delivery] = true;

    /// <summary>Stops renewing a delivery and, where it is to be given back, says so to the server; if that fails its lease runs out.</summary>
    internal async Task EndAsync(NatsDelivery delivery, bool giveBack)
    {
        _unsettled.TryRemove(delivery, out _);
        if (!giveBack)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(_options.ConfirmTimeout, _time);
            // What could not be set aside, for instance because its sender has left no room for our headers, must not come again at once for ever.
            var delay = delivery.Attempt > _options.DeliveryLimit ? _options.MaxRetryDelay : TimeSpan.Zero;
            await delivery.Message.NakAsync(new AckOpts { DoubleAck = true, NakDelay = delay }, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(_logger, e);
        }
    }

    /// <summary>Gives all back together: where the server is away, each of them waits for its answer in vain.</summary>
    internal Task GiveAllBackAsync() => Task.WhenAll(_unsettled.Keys.Select(delivery => delivery.DisposeAsync().AsTask()));

    /// <summary>Ends the renewal; the leases then run out unless they are given back.</summary>
    internal ValueTask StopAsync() => _renewal.DisposeAsync();

    private async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _renewing, 1) != 0)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(_options.LeaseTime / 3, _time);
            foreach (var delivery in _unsettled.Keys)
            {
                await delivery.Message.AckProgressAsync(new AckOpts { DoubleAck = false }, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Log.RenewalFailed(_logger, e);
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
    }
}
