using System.Collections.Concurrent;
using Amqp.Framing;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>The unsettled messages of a receiver, whose locks are renewed for as long as they are here.</summary>
internal sealed class MessageLocks : IAsyncDisposable
{
    private const int Batch = 100;
    private readonly ConcurrentDictionary<ReceivedMessage, bool> _unsettled = new();
    private readonly ServiceBusManagement _management;
    private readonly AzureServiceBusQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _renewal;
    private int _renewing;

    internal MessageLocks(ServiceBusManagement management, AzureServiceBusQueueOptions options, TimeProvider time, ILogger logger)
    {
        _management = management;
        _options = options;
        _time = time;
        _logger = logger;
        var period = options.LockRenewalInterval;
        _renewal = time.CreateTimer(static state => _ = ((MessageLocks)state!).RenewAsync(), this, period, period);
    }

    internal void Add(ReceivedMessage message) => _unsettled[message] = true;

    /// <returns>Whether it was here: one that is gone has been settled or given back.</returns>
    internal bool Remove(ReceivedMessage message) => _unsettled.TryRemove(message, out _);

    public ValueTask DisposeAsync() => _renewal.DisposeAsync();

    /// <summary>Gives back what is unsettled, after its link has been closed.</summary>
    internal async Task AbandonAllAsync(CancellationToken cancellationToken)
    {
        foreach (var batch in Locked())
        {
            Array.ForEach(batch, message => Remove(message));
            await ForEachTokenAsync(
                batch, (tokens, end) => _management.SettleAsync(tokens, new Modified { DeliveryFailed = true }, end), _ => { }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RenewAsync()
    {
        if (Interlocked.Exchange(ref _renewing, 1) != 0)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(_options.ConfirmTimeout, _time);
            foreach (var batch in Locked())
            {
                await ForEachTokenAsync(batch, _management.RenewLocksAsync, OnLost, limit.Token).ConfigureAwait(false);
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

    private IEnumerable<ReceivedMessage[]> Locked() =>
        _unsettled.Keys.Where(message => message is { LockToken: not null, IsLost: false }).Chunk(Batch);

    /// <summary>The service answers for all tokens of a request together: when one is lost, each is asked for alone.</summary>
    private static async Task ForEachTokenAsync(
        ReceivedMessage[] batch, Func<Guid[], CancellationToken, Task> call, Action<ReceivedMessage> onLost, CancellationToken cancellationToken)
    {
        try
        {
            await call([.. batch.Select(message => message.LockToken!.Value)], cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceBusRefusalException e) when (e.Status is ServiceBusRefusalException.Gone or ServiceBusRefusalException.NotFound)
        {
            if (batch.Length == 1)
            {
                onLost(batch[0]);
                return;
            }

            foreach (var message in batch)
            {
                await ForEachTokenAsync([message], call, onLost, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void OnLost(ReceivedMessage message)
    {
        // One that was settled meanwhile has no lock either.
        if (_unsettled.ContainsKey(message))
        {
            message.MarkLost();
            Log.LockLost(_logger, message.Headers.Id);
        }
    }
}
