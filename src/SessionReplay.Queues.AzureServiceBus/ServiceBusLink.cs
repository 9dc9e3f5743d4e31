using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// A connection with its links, from its opening to its end. Links that the service closes when they are idle are opened again; when the connection
/// or the receiver ends, another takes the place of the whole, and what was unsettled is delivered again by the service.
/// </summary>
internal sealed class ServiceBusLink : ILink
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    private readonly Connection _connection;
    private readonly AzureServiceBusQueueOptions _options;
    private readonly string _queue;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _unconfirmed;
    private readonly Reopening<SenderLink> _sender;
    private readonly Reopening<ServiceBusReceiver> _receiver;
    private int _alive = 1;
    private ulong _maxMessageSize;
    private long _answeredAt;
    private ServiceBusReceiver? _receiving;

    private ServiceBusLink(Connection connection, AzureServiceBusQueueOptions options, string queue, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _options = options;
        _queue = queue;
        _time = time;
        _logger = logger;
        _unconfirmed = new SemaphoreSlim(options.MaxUnconfirmedPublishes);
        Management = new ServiceBusManagement(connection, queue, options.ConfirmTimeout);
        DeadManagement = new ServiceBusManagement(connection, DeadLetterEntity, options.ConfirmTimeout);
        Deferred = new DeferredMessages(this, options, time);
        _sender = new Reopening<SenderLink>(OpenSenderAsync, sender => sender.IsClosed, options.ConfirmTimeout);
        _receiver = new Reopening<ServiceBusReceiver>(OpenReceiverAsync, _ => false, options.ConfirmTimeout);
    }

    public bool IsAlive => Volatile.Read(ref _alive) == 1;

    /// <summary>Gets the greatest message that the service has told, or 0.</summary>
    internal ulong MaxMessageSize => Volatile.Read(ref _maxMessageSize);

    internal ServiceBusManagement Management { get; }

    internal ServiceBusManagement DeadManagement { get; }

    internal DeferredMessages Deferred { get; }

    /// <summary>Gets how many deliveries are with consumers.</summary>
    internal int InFlight => Volatile.Read(ref _receiving)?.InFlight ?? 0;

    /// <summary>Gets how many reminders of deferred messages are held in this process.</summary>
    internal int Reminders => Volatile.Read(ref _receiving)?.Reminders ?? 0;

    private string DeadLetterEntity => _queue + "/$DeadLetterQueue";

    internal static async Task<ServiceBusLink> OpenAsync(
        ServiceBusConnector connector,
        TokenSource? tokens,
        AzureServiceBusQueueOptions options,
        ServiceBusTarget target,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var connection = await connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var link = new ServiceBusLink(connection, options, target.Queue, time, logger);
        try
        {
            connection.AddClosedCallback((_, error) => link.End(error?.Description ?? error?.Condition?.ToString() ?? "closed"));
            if (tokens is not null)
            {
                string[] audiences = [target.Audience, target.Audience + "/$DeadLetterQueue"];
                var authorization = new CbsAuthorization(connection, tokens, audiences, options.ConfirmTimeout, time, logger);
                var renewal = await authorization.PutAsync(cancellationToken).ConfigureAwait(false);
                _ = authorization.KeepAsync(renewal, link._ended.Token);
            }

            // Everybody sends, workers for their retries. What is wrong with the queue or the rights shows here, once, and not with each call.
            await link._sender.GetAsync(cancellationToken).ConfigureAwait(false);
            return link;
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends a message and waits until the service has made it durable.</summary>
    internal async Task PublishAsync(Message message, CancellationToken cancellationToken)
    {
        var sender = await _sender.GetAsync(cancellationToken).ConfigureAwait(false);
        await _unconfirmed.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_unconfirmed.CurrentCount == _options.MaxUnconfirmedPublishes - 1)
        {
            // Nothing else waits for an answer.
            Volatile.Write(ref _answeredAt, _time.GetTimestamp());
        }

        var outcome = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = 0;

        // The place is the message's until its outcome is there, also when its sender waits no longer.
        void Release()
        {
            if (Interlocked.Exchange(ref released, 1) == 0)
            {
                _unconfirmed.Release();
            }
        }

        try
        {
            sender.Send(
                message,
                null,
                (_, _, result, _) =>
                {
                    Volatile.Write(ref _answeredAt, _time.GetTimestamp());
                    Release();
                    outcome.TrySetResult(result);
                },
                null);
        }
        catch
        {
            Release();
            throw;
        }

        switch (await WaitAsync(outcome.Task, cancellationToken).ConfigureAwait(false))
        {
            case Accepted:
                return;
            case Rejected { Error: { } error }:
                throw new AmqpException(error);
            default:
                throw new AmqpException(ErrorCode.MessageReleased, "The message was not taken.");
        }
    }

    /// <summary>Gets the receiver, which lets the service send messages in advance; a process that only publishes never gets here.</summary>
    internal Task<ServiceBusReceiver> GetReceiverAsync(CancellationToken cancellationToken) => _receiver.GetAsync(cancellationToken);

    /// <summary>Opens a receiver of dead letters that the caller closes.</summary>
    internal Task<ServiceBusReceiver> OpenDeadLetterReceiverAsync(int count, CancellationToken cancellationToken) => ServiceBusReceiver.OpenAsync(
        _connection, DeadLetterEntity, DeadManagement, deferred: null, count, _options, _time, _logger, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_receiving is { } receiver && IsAlive)
        {
            using var limit = new CancellationTokenSource(CloseTimeout, _time);
            await receiver.CloseAsync(CloseTimeout, limit.Token).ConfigureAwait(false);
        }

        await AbortAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the connection and gives nothing back, as a crash would.</summary>
    internal async Task AbortAsync()
    {
        End(null);
        try
        {
            if (_receiving is { } receiver)
            {
                await receiver.AbortAsync().ConfigureAwait(false);
            }

            await _connection.CloseAsync(CloseTimeout).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // What is being closed may be broken already; the service notices by itself.
            Log.CloseFailed(_logger, e);
        }
    }

    /// <summary>Waits for an outcome. A peer that lives and yet answers nothing at all is given up: another connection may lead to one that does.</summary>
    private async Task<Outcome> WaitAsync(Task<Outcome> outcome, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            return await outcome.WaitAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _answeredAt)) > _options.ConfirmTimeout / 2)
            {
                End("messages were sent and nothing was answered");
            }

            throw;
        }
    }

    private async Task<SenderLink> OpenSenderAsync(CancellationToken cancellationToken)
    {
        var (sender, maxMessageSize) = await AmqpLinks.OpenAsync(
            _connection, session => AmqpLinks.AttachSenderAsync(session, _queue, cancellationToken)).ConfigureAwait(false);

        // A peer without a limit says nothing or the greatest number there is.
        Volatile.Write(ref _maxMessageSize, maxMessageSize == ulong.MaxValue ? 0 : maxMessageSize);
        return sender;
    }

    private async Task<ServiceBusReceiver> OpenReceiverAsync(CancellationToken cancellationToken)
    {
        var receiver = await ServiceBusReceiver.OpenAsync(
            _connection, _queue, Management, Deferred, _options.MaxUnsettled, _options, _time, _logger, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _receiving, receiver);
        receiver.AddClosedCallback(End);
        return receiver;
    }

    private void End(string? reason)
    {
        if (Interlocked.Exchange(ref _alive, 0) == 0)
        {
            return;
        }

        if (reason is not null)
        {
            Log.ConnectionEnded(_logger, reason);
        }

        _ended.Cancel();
    }
}
