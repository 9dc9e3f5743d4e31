using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// A connection with its channels, from their opening to the first failure of any of them. It is never repaired: another takes its place,
/// and what was unsettled on it is delivered again by the broker.
/// </summary>
internal sealed class RabbitMQLink : ILink
{
    private readonly IConnection _connection;
    private readonly bool _owned;
    private readonly RabbitMQQueueOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Channel<ReceivedMessage> _received = Channel.CreateUnbounded<ReceivedMessage>();
    private readonly CancellationTokenSource _ended = new();
    private IChannel? _publishing;
    private IChannel? _receiving;
    private Task? _consuming;
    private int _alive = 1;

    private RabbitMQLink(IConnection connection, bool owned, RabbitMQQueueOptions options, QueueTopology topology, ILogger logger)
    {
        _connection = connection;
        _owned = owned;
        _options = options;
        _logger = logger;
        Topology = topology;
    }

    internal QueueTopology Topology { get; }

    public bool IsAlive => Volatile.Read(ref _alive) == 1;

    /// <summary>Gets how many messages the broker has sent in advance.</summary>
    internal int Prefetched => _received.Reader.Count;

    internal ChannelReader<ReceivedMessage> Received => _received.Reader;

    private IChannel Receiving => _receiving ?? throw new InvalidOperationException("The link is not open.");

    internal static async Task<RabbitMQLink> OpenAsync(
        RabbitMQConnector connector,
        RabbitMQQueueOptions options,
        QueueTopology topology,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var (connection, owned) = await connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var link = new RabbitMQLink(connection, owned, options, topology, logger);
        try
        {
            connection.ConnectionShutdownAsync += link.OnShutdownAsync;
            link._receiving = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            link._receiving.ChannelShutdownAsync += link.OnShutdownAsync;
            await topology.DeclareAsync(link._receiving, cancellationToken).ConfigureAwait(false);
            link._publishing = await link.OpenConfirmingChannelAsync(cancellationToken).ConfigureAwait(false);
            link._publishing.ChannelShutdownAsync += link.OnShutdownAsync;
            return link;
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Publishes and waits until the broker has made the message durable.</summary>
    internal async Task PublishAsync(string queue, MessageHeaders headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        await _publishing!.BasicPublishAsync("", queue, mandatory: true, headers.ToProperties(), body, end.Token).ConfigureAwait(false);
    }

    /// <summary>
    /// Lets the broker send messages in advance, up to the prefetch bound; a process that only publishes never gets here.
    /// </summary>
    internal Task StartConsumingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A caller's cancellation must not leave a consumer behind that the broker knows and this process does not.
            _consuming ??= ConsumeAsync();
        }

        return _consuming.IsCompletedSuccessfully ? Task.CompletedTask : _consuming.WaitAsync(cancellationToken);
    }

    internal async Task AckAsync(ulong tag, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        await Receiving.BasicAckAsync(tag, multiple: false, cancellationToken).ConfigureAwait(false);
    }

    internal async Task ReturnAsync(ulong tag, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        await Receiving.BasicNackAsync(tag, multiple: false, requeue: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts what is ready; the answer is awaited even when the caller is gone, since the channel has one conversation.</summary>
    internal Task<uint> CountAsync(string queue, CancellationToken cancellationToken) =>
        Receiving.MessageCountAsync(queue, CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>Opens a channel that the caller closes; what it holds unsettled then goes back to its queue.</summary>
    internal Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken) =>
        _connection.CreateChannelAsync(cancellationToken: cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await EndAsync(null).ConfigureAwait(false);
        Unsubscribe();
        await CloseAsync(_publishing).ConfigureAwait(false);
        await CloseAsync(_receiving).ConfigureAwait(false);
        if (_owned)
        {
            await CloseAsync(_connection).ConfigureAwait(false);
        }
    }

    private void Unsubscribe()
    {
        try
        {
            _connection.ConnectionShutdownAsync -= OnShutdownAsync;
        }
        catch (ObjectDisposedException e)
        {
            // The application has closed its connection before.
            Log.CloseFailed(_logger, e);
        }
    }

    private Task<IChannel> OpenConfirmingChannelAsync(CancellationToken cancellationToken) =>
        _connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true,
                publisherConfirmationTrackingEnabled: true,
                new ThrottlingRateLimiter(_options.MaxUnconfirmedPublishes)),
            cancellationToken);

    private async Task ConsumeAsync()
    {
        try
        {
            await Receiving.BasicQosAsync(0, (ushort)_options.MaxUnsettled, global: false).ConfigureAwait(false);
            var consumer = new AsyncEventingBasicConsumer(Receiving);
            consumer.ReceivedAsync += OnReceivedAsync;
            consumer.UnregisteredAsync += (_, _) => EndAsync("the broker cancelled the consumer");
            await Receiving.BasicConsumeAsync(Topology.Main, autoAck: false, consumer).ConfigureAwait(false);
        }
        catch
        {
            await EndAsync("consuming could not be started").ConfigureAwait(false);
            throw;
        }
    }

    private Task OnReceivedAsync(object sender, BasicDeliverEventArgs delivery)
    {
        var bytes = delivery.Body.Length;
        var buffer = bytes == 0 ? [] : ArrayPool<byte>.Shared.Rent(bytes);
        delivery.Body.CopyTo(buffer);
        _received.Writer.TryWrite(new ReceivedMessage(
            delivery.DeliveryTag,
            MessageHeaders.Read(delivery.BasicProperties),
            MessageHeaders.ReadReturns(delivery.BasicProperties),
            buffer,
            bytes));
        return Task.CompletedTask;
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs shutdown) => EndAsync(shutdown.ReplyText);

    private async Task EndAsync(string? reason)
    {
        if (Interlocked.Exchange(ref _alive, 0) == 0)
        {
            return;
        }

        if (reason is not null)
        {
            Log.LinkEnded(_logger, reason);
        }

        _received.Writer.TryComplete();
        await _ended.CancelAsync().ConfigureAwait(false);
    }

    private void ThrowIfEnded()
    {
        if (!IsAlive)
        {
            throw new QueueUnavailableException(
                "The link to RabbitMQ ended before the delivery was settled; the message is delivered again.");
        }
    }

    private async Task CloseAsync(IAsyncDisposable? closable)
    {
        try
        {
            if (closable is not null)
            {
                await closable.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // What is being closed may be broken already; the broker notices by itself.
            Log.CloseFailed(_logger, e);
        }
    }
}
