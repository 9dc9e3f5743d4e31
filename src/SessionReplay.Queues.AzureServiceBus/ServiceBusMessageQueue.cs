using System.Runtime.InteropServices;
using System.Threading.Channels;
using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>
/// The queue on Azure Service Bus. A message is given back with a delay by scheduling a reminder and then deferring it, so that a crash on the way
/// neither loses nor doubles it.
/// </summary>
internal sealed class ServiceBusMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    /// <summary>What the standard tier takes, until the service has told.</summary>
    private const int UsualMessageBytes = 256 * 1024;
    private const int MostMessageBytes = 1024 * 1024;
    private static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(10);
    private readonly AzureServiceBusQueueOptions _options;
    private readonly LiveLink<ServiceBusLink> _links;
    private readonly ServiceBusDeadLetters _deadLetters;
    private readonly ServiceBusCounts _counts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _serviceMessageBytes = UsualMessageBytes;

    public ServiceBusMessageQueue(
        IOptions<AzureServiceBusQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<ServiceBusMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        var connection = ServiceBusConnectionString.Parse(_options.ConnectionString);
        var provider = services.GetService<IServiceBusTokenProvider>();
        var isPlain = _options.Authentication == ServiceBusAuthentication.SaslPlain;
        if (connection.Key is null && (provider is null || isPlain))
        {
            var path = services.GetRequiredService<OptionsPath<AzureServiceBusQueueOptions>>().Value;
            throw new InvalidOperationException(isPlain
                ? $"'{path}:Authentication' is SaslPlain, which needs SharedAccessKeyName and SharedAccessKey in the ConnectionString."
                : $"'{path}:ConnectionString' holds no SharedAccessKey. Add the key, or register an IServiceBusTokenProvider.");
        }

        var target = ServiceBusTarget.Of(_options, connection);
        var connector = new ServiceBusConnector(_options, connection);
        var tokens = new TokenSource(connection, provider, _options.TokenLifetime, time);
        _links = new LiveLink<ServiceBusLink>(
            async end =>
            {
                var link = await ServiceBusLink.OpenAsync(connector, isPlain ? null : tokens, _options, target, time, logger, end).ConfigureAwait(false);
                Telemetry.Connects.Add(1);
                Log.Connected(logger, target.Queue);
                return link;
            },
            ServiceBusErrors.Unavailable,
            (delay, failure) => Log.ConnectFailed(logger, delay, failure),
            _options.ConfirmTimeout,
            time);
        _deadLetters = new ServiceBusDeadLetters(_options.ConfirmTimeout, time);
        _counts = new ServiceBusCounts(target, connector, tokens);
    }

    /// <summary>Gets the service's greatest message less what the headers take; until a first call has connected, what the standard tier takes.</summary>
    public int MaxMessageBytes => (_options.MaxMessageBytes ?? Volatile.Read(ref _serviceMessageBytes)) - MessageHeaders.MaxBytes;

    internal int MaxAttempts => _options.MaxAttempts;

    internal long NowMilliseconds => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.Check(message);
        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        var headers = new MessageHeaders(message.Id, message.PartitionKey, NowMilliseconds, 0);
        await CallAsync(
            async (link, end) =>
            {
                if (message.Body.Length > MaxMessageBytes)
                {
                    throw new MessageTooLargeException(message.Body.Length, MaxMessageBytes);
                }

                await link.PublishAsync(headers.ToMessage(message.Id, Segment(message.Body)), end).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        Telemetry.Published.Add(1);
        Telemetry.ConfirmDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        cancellationToken.ThrowIfCancellationRequested();
        var (link, receiver) = await CallAsync(
            async (link, end) => (link, await link.GetReceiverAsync(end).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        var deliveries = new List<IQueueDelivery>();
        try
        {
            while (deliveries.Count == 0)
            {
                var next = await receiver.Received.ReadAsync(cancellationToken).ConfigureAwait(false);
                do
                {
                    if (next.IsLost)
                    {
                        await receiver.GiveBackAsync(next, new Released()).ConfigureAwait(false);
                        continue;
                    }

                    receiver.CountHandedOut();
                    deliveries.Add(new ServiceBusDelivery(this, link, receiver, next));
                }
                while (deliveries.Count < maxMessages && receiver.Received.TryRead(out next));
            }

            return deliveries;
        }
        catch (ChannelClosedException e)
        {
            throw ServiceBusErrors.Unavailable(e);
        }
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(
            (link, end) => ServiceBusDeadLetters.ListAsync(link, limit, end), cancellationToken, timeout: OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(
            (link, end) => _deadLetters.RedriveAsync(link, limit, end), cancellationToken, timeout: OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync((link, end) => _deadLetters.DiscardAsync(link, before, limit, end), cancellationToken, timeout: OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await CallAsync(
            async (link, end) =>
            {
                var (stored, dead) = await _counts.GetAsync(end).ConfigureAwait(false);
                var messages = Math.Max(0, stored - link.Reminders);
                var inFlight = Math.Min(link.InFlight, messages);
                var ready = messages - inFlight;
                var oldest = ready == 0 ? [] : await link.Management.PeekAsync(0, 1, end).ConfigureAwait(false);
                return new QueueStatus(ready, inFlight, dead, oldest.Count == 0 ? null : AgeOf(oldest[0]));
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _links.DisposeAsync().ConfigureAwait(false);
        _counts.Dispose();
    }

    /// <summary>Makes sure that there is a connection that lets messages be sent.</summary>
    internal Task EnsureReadyAsync(CancellationToken cancellationToken) => CallAsync((_, _) => Task.FromResult(true), cancellationToken);

    /// <summary>Ends as if the process had been killed, for tests of the recovery.</summary>
    internal ValueTask AbandonAsync() => _links.DisposeAsync(static link => new ValueTask(link.AbortAsync()));

    internal async Task SettleAsync(
        ServiceBusLink link,
        ServiceBusReceiver receiver,
        ReceivedMessage message,
        string outcomeName,
        Outcome outcome,
        MessageHeaders? reminder,
        CancellationToken cancellationToken)
    {
        await CallAsync(
            async (_, end) =>
            {
                end.ThrowIfCancellationRequested();
                if (reminder is { } headers)
                {
                    await link.Deferred.RemindAsync(headers, message.SequenceNumber!.Value, end).ConfigureAwait(false);
                }

                await receiver.SettleAsync(message, outcome, end).ConfigureAwait(false);
                return true;
            },
            cancellationToken,
            link).ConfigureAwait(false);
        Telemetry.Settled.Add(1, new KeyValuePair<string, object?>("sessionreplay.queue.outcome", outcomeName));
    }

    internal void LogDeadLetter(string messageId, int attempts, string reason) => Log.DeadLettered(_logger, messageId, attempts, reason);

    private static ArraySegment<byte> Segment(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var segment) ? segment : new ArraySegment<byte>(body.ToArray());

    /// <summary>Since when it is on its way, its retries included; where it is not ours, since when the service has it.</summary>
    private TimeSpan? AgeOf(Message message)
    {
        var now = _time.GetUtcNow();
        return QueueArguments.Age(MessageHeaders.Read(message).PublishedAt, now)
            ?? (MessageHeaders.ReadEnqueued(message) is { } at ? QueueArguments.Age(at, now) : null);
    }

    private async Task<ServiceBusLink> ConnectAsync(CancellationToken cancellationToken)
    {
        var link = await _links.GetAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _serviceMessageBytes, link.MaxMessageSize == 0 ? UsualMessageBytes : (int)Math.Min(MostMessageBytes, link.MaxMessageSize));
        return link;
    }

    /// <summary>Runs a call within the time limit; whatever fails but the caller's own cancellation is the queue's unavailability.</summary>
    private async Task<T> CallAsync<T>(
        Func<ServiceBusLink, CancellationToken, Task<T>> call, CancellationToken cancellationToken, ServiceBusLink? onLink = null, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? _options.ConfirmTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await call(onLink ?? await ConnectAsync(end.Token).ConfigureAwait(false), end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (QueueUnavailableException or MessageTooLargeException)
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            Telemetry.Failures.Add(1);
            throw ServiceBusErrors.Unavailable(e);
        }
    }
}
