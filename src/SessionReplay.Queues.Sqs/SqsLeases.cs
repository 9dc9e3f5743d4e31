using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Sqs;

/// <summary>Extends the visibility timeout of unsettled deliveries once a third of it has passed: most are settled before and cost no request.</summary>
internal sealed class SqsLeases
{
    private readonly ConcurrentDictionary<SqsDelivery, bool> _unsettled = new();
    private readonly SqsRequests _requests;
    private readonly SqsQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _renewal;
    private int _renewing;

    internal SqsLeases(SqsRequests requests, SqsQueueOptions options, TimeProvider time, ILogger logger)
    {
        _requests = requests;
        _options = options;
        _time = time;
        _logger = logger;
        var period = options.LeaseTime / 6;
        _renewal = time.CreateTimer(static state => _ = ((SqsLeases)state!).RenewAsync(), this, period, period);
    }

    /// <summary>Gets the age of the oldest unsettled delivery.</summary>
    internal TimeSpan? OldestAge => _unsettled.Keys.Select(delivery => (long?)delivery.SentAt).Min() is { } sentAt
        ? QueueArguments.Age(sentAt, _time.GetUtcNow())
        : null;

    internal void Add(SqsDelivery delivery) => _unsettled[delivery] = true;

    /// <summary>Stops renewing a delivery and, where it is to be given back, says so to the service; if that fails its visibility timeout passes.</summary>
    internal async Task EndAsync(SqsDelivery delivery, bool giveBack)
    {
        _unsettled.TryRemove(delivery, out _);
        if (!giveBack)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(_options.ConfirmTimeout, _time);
            await delivery.WaitForRenewalAsync(limit.Token).ConfigureAwait(false);
            await _requests.HideAsync(delivery.ReceiptHandle, TimeSpan.Zero, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(_logger, e);
        }
    }

    internal Task GiveAllBackAsync() => Task.WhenAll(_unsettled.Keys.Select(delivery => delivery.DisposeAsync().AsTask()));

    /// <summary>Ends the renewal; the visibility timeouts then pass unless the deliveries are given back.</summary>
    internal ValueTask StopAsync() => _renewal.DisposeAsync();

    private async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _renewing, 1) != 0)
        {
            return;
        }

        try
        {
            var due = _unsettled.Keys.Where(delivery => _time.GetElapsedTime(delivery.RenewedAt) >= _options.LeaseTime / 3);
            await Task.WhenAll(due.Select(delivery => delivery.Renew(RenewAsync))).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
    }

    private async Task RenewAsync(SqsDelivery delivery)
    {
        var begun = _time.GetTimestamp();
        try
        {
            using var limit = new CancellationTokenSource(_options.LeaseTime / 3, _time);
            await _requests.HideAsync(delivery.ReceiptHandle, _options.LeaseTime, limit.Token).ConfigureAwait(false);
            delivery.RenewedAt = begun;
        }
        catch (EntryFailedException e) when (e.IsOurFault)
        {
            _unsettled.TryRemove(delivery, out _);
            Log.LeaseLost(_logger, delivery.MessageId);
        }
        catch (Exception e)
        {
            Log.RenewalFailed(_logger, e);
        }
    }
}
