using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// The queue on RabbitMQ. A message is given back with a delay, or set aside, by publishing it to another queue and then acknowledging it, so that
/// a crash on the way leaves it twice and never loses it.
/// </summary>
internal sealed class RabbitMQMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    private const int MaxBodyBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(10);
    private readonly RabbitMQQueueOptions _options;
    private readonly LiveLink<RabbitMQLink> _links;
    private readonly RabbitMQDeadLetters _deadLetters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public RabbitMQMessageQueue(
        IOptions<RabbitMQQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<RabbitMQMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        var connector = new RabbitMQConnector(_options, services);
        var topology = new QueueTopology(_options);
        _links = new LiveLink<RabbitMQLink>(
            async end =>
            {
                var link = await RabbitMQLink.OpenAsync(connector, _options, topology, logger, end).ConfigureAwait(false);
                Telemetry.Connects.Add(1);
                Log.Connected(logger, _options.QueueName);
                return link;
            },
            Unavailable,
            (delay, failure) => Log.ConnectFailed(logger, delay, failure),
            _options.ConfirmTimeout,
            time);
        _deadLetters = new RabbitMQDeadLetters(time);
    }

    public int MaxMessageBytes => MaxBodyBytes;

    internal int MaxAttempts => _options.MaxAttempts;

    internal long NowMilliseconds => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.Check(message);
        if (message.Body.Length > MaxBodyBytes)
        {
            throw new MessageTooLargeException(message.Body.Length, MaxBodyBytes);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        var headers = new MessageHeaders(message.Id, message.PartitionKey, NowMilliseconds, 0, null, 0);
        await CallAsync(
            async (link, end) =>
            {
                await link.PublishAsync(link.Topology.Main, headers, message.Body, end).ConfigureAwait(false);
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
        var link = await CallAsync(
            async (link, end) =>
            {
                await link.StartConsumingAsync(end).ConfigureAwait(false);
                return link;
            },
            cancellationToken).ConfigureAwait(false);
        var deliveries = new List<IQueueDelivery>();
        try
        {
            var next = await link.Received.ReadAsync(cancellationToken).ConfigureAwait(false);
            do
            {
                link.CountHandedOut();
                deliveries.Add(new RabbitMQDelivery(this, link, next));
            }
            while (deliveries.Count < maxMessages && link.Received.TryRead(out next));
            return deliveries;
        }
        catch (ChannelClosedException e)
        {
            throw Unavailable(e);
        }
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync((link, end) => _deadLetters.ListAsync(link, limit, end), cancellationToken, timeout: OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync((link, end) => _deadLetters.RedriveAsync(link, limit, end), cancellationToken, timeout: OperatorTimeout).ConfigureAwait(false);
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
                long ready = link.Prefetched + await link.CountAsync(link.Topology.Main, end).ConfigureAwait(false);
                foreach (var retry in link.Topology.Retries)
                {
                    ready += await link.CountAsync(retry, end).ConfigureAwait(false);
                }

                return new QueueStatus(ready, link.InFlight, await link.CountAsync(link.Topology.Dead, end).ConfigureAwait(false), OldestAge(link));
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _links.DisposeAsync();

    internal async Task SettleAsync(
        RabbitMQLink link, ReceivedMessage message, string outcome, string? moveTo, MessageHeaders headers, bool keepBody, CancellationToken cancellationToken)
    {
        await CallAsync(
            async (_, end) =>
            {
                if (moveTo is not null)
                {
                    await link.PublishAsync(moveTo, headers, keepBody ? message.Body : default, end).ConfigureAwait(false);
                }

                await link.AckAsync(message.Tag, end).ConfigureAwait(false);
                return true;
            },
            cancellationToken,
            link).ConfigureAwait(false);
        Telemetry.Settled.Add(1, new KeyValuePair<string, object?>("sessionreplay.queue.outcome", outcome));
        if (headers.Reason is { } reason)
        {
            Log.DeadLettered(_logger, headers.Id, headers.Attempts, reason);
        }
    }

    /// <summary>Gives a delivery back; where that fails the broker takes it back when the link ends.</summary>
    internal async Task ReleaseAsync(RabbitMQLink link, ReceivedMessage message)
    {
        try
        {
            await link.ReturnAsync(message.Tag, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(_logger, e);
        }
    }

    /// <summary>AMQP does not tell ages. What waits in this process is the oldest there is, as the queue is first in, first out.</summary>
    private TimeSpan? OldestAge(RabbitMQLink link) =>
        link.Received.TryPeek(out var oldest)
            ? QueueArguments.Age(oldest.Headers.PublishedAt, _time.GetUtcNow())
            : null;

    private static QueueUnavailableException Unavailable(Exception cause) => new(
        $"RabbitMQ did not confirm: {cause.Message} Check RabbitMQQueueOptions.ConnectionString, the broker and its alarms, and try again.", cause);

    /// <summary>Runs a call within the time limit; whatever fails but the caller's own cancellation is the queue's unavailability.</summary>
    private async Task<T> CallAsync<T>(
        Func<RabbitMQLink, CancellationToken, Task<T>> call, CancellationToken cancellationToken, RabbitMQLink? onLink = null, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? _options.ConfirmTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await call(onLink ?? await _links.GetAsync(end.Token).ConfigureAwait(false), end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not QueueUnavailableException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            Telemetry.Failures.Add(1);
            throw Unavailable(e);
        }
    }
}
