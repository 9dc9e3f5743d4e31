using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>The queue on a work-queue stream of NATS JetStream.</summary>
internal sealed class NatsMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    /// <summary>What a server accepts that nobody has configured.</summary>
    private const int UsualPayload = 1024 * 1024;
    private readonly NatsQueueOptions _options;
    private readonly NatsLink _link;
    private readonly NatsReceiver _receiver;
    private readonly NatsDeadLetters _deadLetters;
    private readonly BrokerCalls _calls;
    private readonly Deliveries<NatsDelivery> _deliveries;
    private readonly LeaseRenewal _renewal;

    public NatsMessageQueue(
        IOptions<NatsQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<NatsMessageQueue> logger)
    {
        _options = options.Value;
        _link = new NatsLink(_options, services, time, logger);
        _calls = new BrokerCalls(_options.ConfirmTimeout, NatsErrors.Unavailable, time, logger)
        {
            Connect = _link.EnsureAsync, Failed = (_, _) => _link.Doubt(),
        };
        _receiver = new NatsReceiver(_link, _options, _calls);
        _deadLetters = new NatsDeadLetters(_link);
        _deliveries = new Deliveries<NatsDelivery>(_calls);
        _renewal = new LeaseRenewal(_options.LeaseTime / 3, RenewAsync, time, logger);
    }

    /// <summary>
    /// Gets the server's maximum payload less what the headers take; until a first call has connected, what servers usually have.
    /// </summary>
    public int MaxMessageBytes => (_link.MaxPayload ?? UsualPayload) - MessageHeaders.MaxBytes;

    public ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken) => _calls.PublishAsync(
        message,
        end =>
        {
            QueueArguments.CheckSize(message, MaxMessageBytes);
            var headers = new MessageHeaders(message.Id, message.PartitionKey);
            return _link.PublishAsync(_link.Subject, Uri.EscapeDataString(message.Id), headers, message.Body, end);
        },
        cancellationToken);

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var messages = await _calls.RunAsync(
                end => _receiver.FetchAsync(maxMessages, end), cancellationToken, _receiver.MaxTime).ConfigureAwait(false);
            var deliveries = await DeliverAsync(messages).ConfigureAwait(false);
            if (deliveries.Count > 0)
            {
                return deliveries;
            }
        }
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await _calls.RunAsync(end => _deadLetters.ListAsync(limit, end), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.RedriveAsync(limit, end), cancellationToken);

    public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.DiscardAsync(before, limit, end), cancellationToken);

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await _calls.RunAsync(
            async end =>
            {
                var stream = await _link.Context.GetStreamAsync(_options.QueueName, cancellationToken: end).ConfigureAwait(false);
                var dead = await _link.Context.GetStreamAsync(_link.DeadStream, cancellationToken: end).ConfigureAwait(false);
                var state = stream.Info.State;
                var inFlight = Math.Min(_deliveries.Count, state.Messages);
                var ready = state.Messages - inFlight;
                TimeSpan? age = ready > 0 && DateTimeOffset.TryParse(state.FirstTs, CultureInfo.InvariantCulture, out var first)
                    ? QueueArguments.Age(first, _calls.Time.GetUtcNow())
                    : null;
                return new QueueStatus(ready, inFlight, dead.Info.State.Messages, age);
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync().ConfigureAwait(false);
        await _deliveries.GiveAllBackAsync().ConfigureAwait(false);
        await _receiver.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<List<IQueueDelivery>> DeliverAsync(List<INatsJSMsg<NatsMemoryOwner<byte>>> messages)
    {
        var deliveries = new List<IQueueDelivery>(messages.Count);
        foreach (var received in messages)
        {
            var message = new NatsDelivery(_link, _options, received);
            var delivery = _deliveries.Add(message);
            if (message.IsOverLimit)
            {
                await DeadLetterAsync(delivery).ConfigureAwait(false);
            }
            else
            {
                deliveries.Add(delivery);
            }
        }

        return deliveries;
    }

    private async Task DeadLetterAsync(QueueDelivery delivery)
    {
        try
        {
            await delivery.DeadLetterAsync(
                "It was delivered as often as allowed and never settled.", CancellationToken.None).ConfigureAwait(false);
        }
        catch (QueueUnavailableException e)
        {
            QueueLog.GiveBackFailed(_calls.Logger, e);
        }
    }

    /// <summary>Reports to the server that the unsettled messages are being worked on.</summary>
    private async Task RenewAsync()
    {
        using var limit = new CancellationTokenSource(_options.LeaseTime / 3, _calls.Time);
        foreach (var message in _deliveries.Unsettled)
        {
            await message.RenewAsync(limit.Token).ConfigureAwait(false);
        }
    }
}
