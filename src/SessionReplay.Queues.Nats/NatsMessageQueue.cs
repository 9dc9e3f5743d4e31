using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>The queue on a work-queue stream of NATS JetStream.</summary>
internal sealed class NatsMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    /// <summary>What a server takes that nobody has configured.</summary>
    private const int UsualPayload = 1024 * 1024;
    private static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(10);
    private readonly NatsQueueOptions _options;
    private readonly NatsLink _link;
    private readonly NatsReceiver _receiver;
    private readonly NatsDeadLetters _deadLetters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NatsLeases _leases;

    public NatsMessageQueue(IOptions<NatsQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<NatsMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _link = new NatsLink(_options, services, time, logger);
        _receiver = new NatsReceiver(_link, _options, time, logger);
        _deadLetters = new NatsDeadLetters(_link);
        _leases = new NatsLeases(_options, time, logger);
    }

    /// <summary>Gets the server's greatest payload less what the headers take; until a first call has connected, what servers usually have.</summary>
    public int MaxMessageBytes => (_link.MaxPayload ?? UsualPayload) - MessageHeaders.MaxBytes;

    internal int MaxAttempts => _options.MaxAttempts;

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.Check(message);
        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        await CallAsync(
            async end =>
            {
                if (message.Body.Length > MaxMessageBytes)
                {
                    throw new MessageTooLargeException(message.Body.Length, MaxMessageBytes);
                }

                await PublishAsync(
                    _link,
                    _link.Subject,
                    Uri.EscapeDataString(message.Id),
                    new MessageHeaders(message.Id, message.PartitionKey),
                    message.Body,
                    end).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        Telemetry.Published.Add(1);
        Telemetry.ConfirmDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var messages = await CallAsync(
                end => _receiver.FetchAsync(maxMessages, end), cancellationToken, TimeSpan.FromSeconds(6) + _options.ConfirmTimeout).ConfigureAwait(false);
            var deliveries = new List<IQueueDelivery>(messages.Count);
            foreach (var message in messages)
            {
                var delivery = new NatsDelivery(this, message, MessageHeaders.Read(message.Headers));
                _leases.Add(delivery);
                if (delivery.Attempt > _options.DeliveryLimit)
                {
                    await SetAsideAsync(delivery).ConfigureAwait(false);
                }
                else
                {
                    deliveries.Add(delivery);
                }
            }

            if (deliveries.Count > 0)
            {
                return deliveries;
            }
        }
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(end => _deadLetters.ListAsync(limit, end), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(end => _deadLetters.RedriveAsync(limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(end => _deadLetters.DiscardAsync(before, limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await CallAsync(
            async end =>
            {
                var stream = await _link.Context.GetStreamAsync(_options.QueueName, cancellationToken: end).ConfigureAwait(false);
                var dead = await _link.Context.GetStreamAsync(_link.DeadStream, cancellationToken: end).ConfigureAwait(false);
                var state = stream.Info.State;
                var inFlight = Math.Min(_leases.Count, state.Messages);
                var ready = state.Messages - inFlight;
                TimeSpan? age = ready > 0 && DateTimeOffset.TryParse(state.FirstTs, CultureInfo.InvariantCulture, out var first)
                    ? QueueArguments.Age(first, _time.GetUtcNow())
                    : null;
                return new QueueStatus(ready, inFlight, dead.Info.State.Messages, age);
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _leases.StopAsync().ConfigureAwait(false);
        await _leases.GiveAllBackAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends as if the process had been killed, for tests of the recovery.</summary>
    internal async Task AbandonAsync()
    {
        await _leases.StopAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Publishes and waits until the stream has stored the message.</summary>
    internal static async Task PublishAsync(
        NatsLink link, string subject, string duplicateId, MessageHeaders headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var confirmation = await link.Context.PublishAsync(
            subject, body, opts: new NatsJSPubOpts { MsgId = duplicateId }, headers: headers.ToHeaders(), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (confirmation.Error is { } error)
        {
            throw new NatsJSApiException(error);
        }
    }

    internal Task AckAsync(NatsDelivery delivery, CancellationToken cancellationToken) =>
        SettleAsync("ack", end => delivery.Message.AckAsync(new AckOpts { DoubleAck = true }, end).AsTask(), cancellationToken);

    internal Task RetryAsync(NatsDelivery delivery, CancellationToken cancellationToken)
    {
        var delay = RetryDelay.Compute(delivery.Attempt, _options.FirstRetryDelay, _options.MaxRetryDelay, Random.Shared.NextDouble());
        return SettleAsync(
            "retry", end => delivery.Message.NakAsync(new AckOpts { DoubleAck = true, NakDelay = delay }, end).AsTask(), cancellationToken);
    }

    /// <summary>Copies the message to the other stream and then removes it, so that a crash on the way leaves it twice and never loses it.</summary>
    internal async Task DeadLetterAsync(NatsDelivery delivery, string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var headers = delivery.Headers with { Attempts = delivery.Attempt, Reason = reason };
        var metadata = delivery.Message.Metadata!.Value;
        var duplicateId = FormattableString.Invariant($"{metadata.Timestamp.ToUnixTimeMilliseconds()}-{metadata.Sequence.Stream}-{Uri.EscapeDataString(headers.Id)}");
        await SettleAsync(
            "dead_letter",
            async end =>
            {
                await PublishAsync(_link, _link.DeadSubject, duplicateId, headers, keepBody ? delivery.Body : default, end).ConfigureAwait(false);
                await delivery.Message.AckAsync(new AckOpts { DoubleAck = true }, end).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        Log.DeadLettered(_logger, headers.Id, headers.Attempts, reason);
    }

    internal Task EndAsync(NatsDelivery delivery, bool giveBack) => _leases.EndAsync(delivery, giveBack);

    private async Task SettleAsync(string outcome, Func<CancellationToken, Task> settle, CancellationToken cancellationToken)
    {
        await CallAsync(
            async end =>
            {
                await settle(end).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        Telemetry.Settled.Add(1, new KeyValuePair<string, object?>("sessionreplay.queue.outcome", outcome));
    }

    private async Task SetAsideAsync(NatsDelivery delivery)
    {
        try
        {
            await delivery.DeadLetterAsync("It was delivered as often as allowed and never settled.", CancellationToken.None).ConfigureAwait(false);
        }
        catch (QueueUnavailableException e)
        {
            Log.ReleaseFailed(_logger, e);
        }
    }

    /// <summary>Runs a call within the time limit; whatever fails but the caller's own cancellation is the queue's unavailability.</summary>
    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? _options.ConfirmTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _link.EnsureAsync(end.Token).ConfigureAwait(false);
            return await call(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (QueueUnavailableException or MessageTooLargeException)
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            _link.Doubt();
            Telemetry.Failures.Add(1);
            throw NatsLink.Unavailable(e);
        }
    }
}
