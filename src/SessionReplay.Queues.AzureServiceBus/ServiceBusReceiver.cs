using System.Threading.Channels;
using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Receives messages of a queue in advance, up to a bound, and settles them over the link they came by.</summary>
internal sealed class ServiceBusReceiver
{
    private readonly Channel<ReceivedMessage> _received = Channel.CreateUnbounded<ReceivedMessage>();
    private readonly ReceiverLink _link;
    private readonly MessageLocks _locks;
    private readonly ILogger _logger;
    private int _inFlight;

    private ServiceBusReceiver(ReceiverLink link, MessageLocks locks, ILogger logger)
    {
        _link = link;
        _locks = locks;
        _logger = logger;
    }

    /// <summary>Gets the messages that wait in this process; it is completed when the link ends.</summary>
    internal ChannelReader<ReceivedMessage> Received => _received.Reader;

    /// <summary>Gets how many deliveries are with consumers.</summary>
    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Opens one.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="entity">The address of the queue or of its dead letters.</param>
    /// <param name="locks">Keeps the locks; it belongs to the receiver then.</param>
    /// <param name="credit">How many messages may be unsettled.</param>
    /// <param name="restore">Whether what is settled makes room for another message.</param>
    /// <param name="logger">Takes the log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal static async Task<ServiceBusReceiver> OpenAsync(
        Connection connection, string entity, MessageLocks locks, int credit, bool restore, ILogger logger, CancellationToken cancellationToken)
    {
        var link = await AmqpLinks.OpenAsync(
            connection, session => AmqpLinks.AttachReceiverAsync(session, entity, null, cancellationToken)).ConfigureAwait(false);
        var receiver = new ServiceBusReceiver(link, locks, logger);
        link.AddClosedCallback((_, _) => receiver._received.Writer.TryComplete());
        link.Start(0, receiver.OnMessage);

        // With the library's usual threshold, half of the credit could be lost to deliveries that take long.
        link.SetCredit(credit, restore ? CreditMode.Auto : CreditMode.Manual, flowThreshold: 1);
        return receiver;
    }

    internal void AddClosedCallback(Action<string> callback) =>
        _link.AddClosedCallback((_, error) => callback(error?.Description ?? error?.Condition?.ToString() ?? "closed"));

    internal void CountHandedOut() => Interlocked.Increment(ref _inFlight);

    internal void CountSettled() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Settles a message. The service does not answer: when this gets lost the message is delivered again.</summary>
    /// <exception cref="QueueUnavailableException">The message is not this receiver's any more.</exception>
    internal void Settle(ReceivedMessage message, Outcome outcome)
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
        _received.Writer.TryWrite(received);
    }
}
