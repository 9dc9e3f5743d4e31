using System.Runtime.Serialization;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// Receives messages, one request at a time. A receive is not cancelled when its caller goes away: the client would drop what it has
/// gathered so far, and those messages would stay locked. The next caller gets them.
/// </summary>
internal sealed class ServiceBusConsumer(ServiceBusLink link, ServiceBusDeadLetters deadLetters) : IAsyncDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private readonly Queue<IQueueDelivery> _ready = new();
    private readonly Deliveries<ServiceBusDelivery> _unsettled = new(link.Calls);
    private Task _fetching = Task.CompletedTask;
    private bool _receivesOneByOne;
    private bool _disposed;

    /// <summary>Gets how many deliveries are with callers.</summary>
    internal int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _unsettled.Count - _ready.Count;
            }
        }
    }

    /// <summary>Takes deliveries; waits for the first.</summary>
    /// <exception cref="QueueUnavailableException">They cannot be received.</exception>
    internal async Task<IReadOnlyList<IQueueDelivery>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task fetching;
            lock (_lock)
            {
                if (_ready.Count > 0)
                {
                    return [.. Enumerable.Range(0, Math.Min(limit, _ready.Count)).Select(_ => _ready.Dequeue())];
                }

                ObjectDisposedException.ThrowIf(_disposed, this);
                fetching = _fetching.IsCompleted ? _fetching = Task.Run(() => FetchAsync(limit), CancellationToken.None) : _fetching;
            }

            await fetching.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the receiving and gives back what is unsettled.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        try
        {
            // This also ends the receive that waits.
            using var limit = new CancellationTokenSource(link.Options.ConfirmTimeout, link.Calls.Time);
            await link.Receiver.CloseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.CloseFailed(link.Calls.Logger, e);
        }

        await _fetching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _ready.Clear();
        }

        // The first receiver is closed, so that it does not get again what another one gives back.
        link.ReopenReceiver();
        await _unsettled.GiveAllBackAsync().ConfigureAwait(false);
    }

    private async Task FetchAsync(int count)
    {
        try
        {
            var limit = _receivesOneByOne ? 1 : count;
            var messages = await link.Receiver.ReceiveMessagesAsync(limit, Wait, CancellationToken.None).ConfigureAwait(false);
            lock (_lock)
            {
                foreach (var message in messages)
                {
                    _ready.Enqueue(_unsettled.Add(new ServiceBusDelivery(link, _unsettled, deadLetters, message)));
                }
            }
        }
        catch (SerializationException e)
        {
            // The client fails with the whole batch, and does not say which message it is. See docs/adr/0007.
            _receivesOneByOne = true;
            Log.Unreadable(link.Calls.Logger, e);
        }
        catch (Exception e)
        {
            QueueLog.ReceiveFailed(link.Calls.Logger, e);
            throw ServiceBusErrors.Unavailable(e);
        }
    }
}
