using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// The queue on RabbitMQ. A message is given back with a delay, or dead-lettered, by publishing it to another queue and then acknowledging
/// it, so that a crash on the way leaves it twice and never loses it.
/// </summary>
internal sealed class RabbitMQMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    private const int MaxBodyBytes = 16 * 1024 * 1024;
    private readonly RabbitMQQueueOptions _options;
    private readonly LiveLink<RabbitMQLink> _links;
    private readonly RabbitMQDeadLetters _deadLetters;
    private readonly BrokerCalls _calls;
    private readonly Deliveries<RabbitMQDelivery> _deliveries;

    public RabbitMQMessageQueue(
        IOptions<RabbitMQQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<RabbitMQMessageQueue> logger)
    {
        _options = options.Value;
        _calls = new BrokerCalls(_options.ConfirmTimeout, RabbitMQErrors.Unavailable, time, logger);
        _deliveries = new Deliveries<RabbitMQDelivery>(_calls);
        var connector = new RabbitMQConnector(_options, services);
        var topology = new QueueTopology(_options);
        _links = new LiveLink<RabbitMQLink>(
            async end =>
            {
                var link = await RabbitMQLink.OpenAsync(connector, _options, topology, logger, end).ConfigureAwait(false);
                BrokerTelemetry.Connects.Add(1);
                Log.Connected(logger, _options.QueueName);
                return link;
            },
            RabbitMQErrors.Unavailable,
            (delay, failure) => Log.ConnectFailed(logger, delay, failure),
            _options.ConfirmTimeout,
            time);
        _deadLetters = new RabbitMQDeadLetters(_links, time);
    }

    public int MaxMessageBytes => MaxBodyBytes;

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.CheckSize(message, MaxBodyBytes);
        var headers = new MessageHeaders(message.Id, message.PartitionKey, _calls.Time.GetUtcNow().ToUnixTimeMilliseconds(), 0, null, 0);
        await _calls.PublishAsync(
            message,
            async end =>
            {
                var link = await _links.GetAsync(end).ConfigureAwait(false);
                await link.PublishAsync(link.Topology.Main, headers, message.Body, end).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        cancellationToken.ThrowIfCancellationRequested();
        var link = await _calls.RunAsync(ConsumeAsync, cancellationToken).ConfigureAwait(false);
        var deliveries = new List<IQueueDelivery>();
        try
        {
            var next = await link.Received.ReadAsync(cancellationToken).ConfigureAwait(false);
            do
            {
                deliveries.Add(_deliveries.Add(new RabbitMQDelivery(link, next, _options, _calls.Time)));
            }
            while (deliveries.Count < maxMessages && link.Received.TryRead(out next));
            return deliveries;
        }
        catch (ChannelClosedException e)
        {
            throw RabbitMQErrors.Unavailable(e);
        }
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.ListAsync(limit, end), cancellationToken);

    public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.RedriveAsync(limit, end), cancellationToken);

    public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.DiscardAsync(before, limit, end), cancellationToken);

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await _calls.RunAsync(
            async end =>
            {
                var link = await _links.GetAsync(end).ConfigureAwait(false);
                long ready = link.Prefetched + await link.CountAsync(link.Topology.Main, end).ConfigureAwait(false);
                foreach (var retry in link.Topology.Retries)
                {
                    ready += await link.CountAsync(retry, end).ConfigureAwait(false);
                }

                var inFlight = _deliveries.Unsettled.Count(message => message.Link == link);
                var dead = await link.CountAsync(link.Topology.Dead, end).ConfigureAwait(false);
                return new QueueStatus(ready, inFlight, dead, GetOldestAge(link));
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _links.DisposeAsync();

    private async Task<RabbitMQLink> ConsumeAsync(CancellationToken end)
    {
        var link = await _links.GetAsync(end).ConfigureAwait(false);
        await link.StartConsumingAsync(end).ConfigureAwait(false);
        return link;
    }

    /// <summary>
    /// AMQP does not report ages. What waits in this process is the oldest there is, as the queue is first in, first out.
    /// </summary>
    private TimeSpan? GetOldestAge(RabbitMQLink link) =>
        link.Received.TryPeek(out var oldest)
            ? QueueArguments.Age(oldest.Headers.PublishedAt, _calls.Time.GetUtcNow())
            : null;
}
