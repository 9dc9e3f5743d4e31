using System.Threading.Channels;
using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// Receives messages of a queue in advance, up to a bound, and settles them over the link they came by. In the place of a reminder comes the message
/// that it reminds of.
/// </summary>
internal sealed class ServiceBusReceiver
{
    private static readonly TimeSpan FetchDelay = TimeSpan.FromSeconds(5);
    private readonly Channel<ReceivedMessage> _received = Channel.CreateUnbounded<ReceivedMessage>();
    private readonly ReceiverLink _link;
    private readonly ServiceBusManagement _management;
    private readonly DeferredMessages? _deferred;
    private readonly MessageLocks _locks;
    private readonly AzureServiceBusQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _inFlight;
    private int _reminders;

    private ServiceBusReceiver(
        ReceiverLink link,
        ServiceBusManagement management,
        DeferredMessages? deferred,
        AzureServiceBusQueueOptions options,
        TimeProvider time,
        ILogger logger)
    {
        _link = link;
        _management = management;
        _deferred = deferred;
        _locks = new MessageLocks(management, options, time, logger);
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Gets the messages that wait in this process; it is completed when the link ends.</summary>
    internal ChannelReader<ReceivedMessage> Received => _received.Reader;

    /// <summary>Gets how many deliveries are with consumers.</summary>
    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets how many reminders are held here.</summary>
    internal int Reminders => Volatile.Read(ref _reminders);

    /// <summary>Opens one.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="entity">The address of the queue or of its dead letters.</param>
    /// <param name="management">Their management node.</param>
    /// <param name="deferred">The queue's deferred messages; for dead letters <see langword="null"/>: a reminder is then a message like others.</param>
    /// <param name="credit">How many messages may be unsettled. For a queue, what is settled makes room for another message.</param>
    /// <param name="options">The settings.</param>
    /// <param name="time">Measures time.</param>
    /// <param name="logger">Takes the log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task<ServiceBusReceiver> OpenAsync(
        Connection connection,
        string entity,
        ServiceBusManagement management,
        DeferredMessages? deferred,
        int credit,
        AzureServiceBusQueueOptions options,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var link = await AmqpLinks.OpenAsync(
            connection, session => AmqpLinks.AttachReceiverAsync(session, entity, null, cancellationToken)).ConfigureAwait(false);
        var receiver = new ServiceBusReceiver(link, management, deferred, options, time, logger);
        link.AddClosedCallback((_, _) => receiver._received.Writer.TryComplete());
        link.Start(0, receiver.OnMessage);

        // With the library's usual threshold, half of the credit could be lost to deliveries that take long.
        link.SetCredit(credit, deferred is null ? CreditMode.Manual : CreditMode.Auto, flowThreshold: 1);
        return receiver;
    }

    internal void AddClosedCallback(Action<string> callback) =>
        _link.AddClosedCallback((_, error) => callback(error?.Description ?? error?.Condition?.ToString() ?? "closed"));

    internal void CountHandedOut() => Interlocked.Increment(ref _inFlight);

    internal void CountSettled() => Interlocked.Decrement(ref _inFlight);

    /// <summary>
    /// Settles a message. What came over the link is settled there, which the service does not answer: when this gets lost the message is delivered
    /// again. A deferred message is settled by a request, and its reminder after the answer.
    /// </summary>
    /// <exception cref="QueueUnavailableException">The message is not this receiver's any more.</exception>
    internal async Task SettleAsync(ReceivedMessage message, Outcome outcome, CancellationToken cancellationToken)
    {
        if (message is not { Reminder: { } reminder, LockToken: { } lockToken })
        {
            Settle(message, outcome);
            return;
        }

        _locks.Remove(message);
        try
        {
            await _management.SettleAsync([lockToken], outcome, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceBusRefusalException e) when (e.Status is ServiceBusRefusalException.Gone or ServiceBusRefusalException.NotFound)
        {
            throw ServiceBusErrors.LockLost(message.Headers.Id);
        }

        var isDone = outcome is Accepted or Rejected or Modified { UndeliverableHere: true };
        TrySettle(reminder, isDone ? new Accepted() : outcome);
    }

    /// <summary>Gives a message back; where that fails its lock runs out.</summary>
    internal async Task GiveBackAsync(ReceivedMessage message, Outcome outcome)
    {
        try
        {
            using var limit = new CancellationTokenSource(_options.ConfirmTimeout, _time);
            await SettleAsync(message, outcome, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(_logger, e);
            if (message.Reminder is { } reminder)
            {
                TrySettle(reminder, outcome);
            }
        }
    }

    /// <summary>Ends the receiving and gives back what is unsettled.</summary>
    internal async Task CloseAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            // Not the other way round: what is given back while there is credit would come again at once.
            await _link.CloseAsync(timeout).WaitAsync(cancellationToken).ConfigureAwait(false);
            await _locks.AbandonAllAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(_logger, e);
        }
        finally
        {
            await _locks.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends the receiving as a crash would.</summary>
    internal ValueTask AbortAsync() => _locks.DisposeAsync();

    private void OnMessage(IReceiverLink link, Message message)
    {
        var received = new ReceivedMessage(message);
        _locks.Add(received);
        if (received.Headers.Deferred is not null && _deferred is not null)
        {
            Interlocked.Increment(ref _reminders);
            _ = FetchAsync(_deferred, received);
        }
        else
        {
            _received.Writer.TryWrite(received);
        }
    }

    /// <summary>Fetches the message of a reminder. The link's credit bounds how many are fetched and held.</summary>
    private async Task FetchAsync(DeferredMessages deferred, ReceivedMessage reminder)
    {
        try
        {
            using var limit = new CancellationTokenSource(_options.ConfirmTimeout, _time);
            if (await deferred.TakeAsync(reminder, limit.Token).ConfigureAwait(false) is { } message)
            {
                _locks.Add(message);
                _received.Writer.TryWrite(message);
            }
            else
            {
                TrySettle(reminder, new Accepted());
            }
        }
        catch (Exception e)
        {
            Log.DeferredUnavailable(_logger, reminder.Headers.Id, e);

            // It comes again at once; and it must not count, or an outage would make dead letters of reminders.
            await Task.Delay(FetchDelay, _time).ConfigureAwait(false);
            TrySettle(reminder, new Released());
        }
    }

    /// <summary>Settles a reminder. Where that fails it comes again, and finds its message settled, waiting or locked.</summary>
    private void TrySettle(ReceivedMessage reminder, Outcome outcome)
    {
        Interlocked.Decrement(ref _reminders);
        try
        {
            Settle(reminder, outcome);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(_logger, e);
        }
    }

    private void Settle(ReceivedMessage message, Outcome outcome)
    {
        if (_link.IsClosed)
        {
            _locks.Remove(message);
            throw new QueueUnavailableException(
                "The connection to Azure Service Bus ended before the delivery was settled; the message is delivered again.");
        }

        // A lost one is settled too, which the service ignores: it gives the credit back.
        if (_locks.Remove(message))
        {
            _link.Complete(message.Message, outcome);
        }

        if (message.IsLost)
        {
            throw ServiceBusErrors.LockLost(message.Headers.Id);
        }
    }
}
