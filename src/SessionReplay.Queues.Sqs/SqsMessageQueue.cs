using System.Globalization;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Sqs;

/// <summary>The queue on a standard queue of Amazon SQS, with a second one for the dead letters.</summary>
internal sealed class SqsMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    private static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(10);
    private static readonly List<string> Counts =
    [
        QueueAttributeName.ApproximateNumberOfMessages,
        QueueAttributeName.ApproximateNumberOfMessagesDelayed,
        QueueAttributeName.ApproximateNumberOfMessagesNotVisible,
    ];

    private readonly SqsQueueOptions _options;
    private readonly SqsLink _link;
    private readonly SqsRequests _requests;
    private readonly SqsReceiver _receiver;
    private readonly SqsLeases _leases;
    private readonly SqsDeadLetters _deadLetters;
    private readonly SemaphoreSlim _unconfirmed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public SqsMessageQueue(IOptions<SqsQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<SqsMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _link = new SqsLink(_options, services, time, logger);
        _requests = new SqsRequests(_link, _options, time);
        _receiver = new SqsReceiver(_link, _requests, _options, time, logger);
        _leases = new SqsLeases(_requests, _options, time, logger);
        _deadLetters = new SqsDeadLetters(_link, _options);
        _unconfirmed = new SemaphoreSlim(_options.MaxUnconfirmedPublishes);
    }

    /// <summary>Gets what is left of the greatest message for bytes in base64; until a first call has found the queue, what the options say.</summary>
    public int MaxMessageBytes => SqsMessage.MaxBody(_link.MaxMessageBytes);

    internal int MaxAttempts => _options.MaxAttempts;

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.Check(message);
        CheckSize(message);
        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        await CallAsync(
            async end =>
            {
                await _link.GetAsync(end).ConfigureAwait(false);
                CheckSize(message);
                await _unconfirmed.WaitAsync(end).ConfigureAwait(false);
                try
                {
                    // The text is made here: the bytes are the caller's again as soon as it stops waiting.
                    var entry = new SqsMessage(message.Id, message.PartitionKey).ToEntry(SqsMessage.EncodeBody(message.Body.Span));
                    await _requests.PublishAsync(entry, end).ConfigureAwait(false);
                }
                finally
                {
                    _unconfirmed.Release();
                }

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
                end => _receiver.FetchAsync(maxMessages, end), cancellationToken, _options.WaitTime + (2 * _options.ConfirmTimeout)).ConfigureAwait(false);
            if (messages.Count > 0)
            {
                var deliveries = messages.ConvertAll(message => new SqsDelivery(this, message));
                deliveries.ForEach(_leases.Add);
                return deliveries;
            }
        }
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(end => _deadLetters.ListAsync(limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
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
                var queues = await _link.GetAsync(end).ConfigureAwait(false);
                var main = _link.Client.GetQueueAttributesAsync(queues.Main, Counts, end);
                var dead = await _link.Client.GetQueueAttributesAsync(queues.Dead, Counts, end).ConfigureAwait(false);
                var (ready, inFlight) = Count(await main.ConfigureAwait(false));
                var (waiting, looked) = Count(dead);
                return new QueueStatus(ready, inFlight, waiting + looked, _leases.OldestAge);
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _leases.StopAsync().ConfigureAwait(false);
        await _leases.GiveAllBackAsync().ConfigureAwait(false);
        await _receiver.DisposeAsync().ConfigureAwait(false);
        _link.Dispose();
    }

    /// <summary>Ends as if the process had been killed, for tests of the recovery.</summary>
    internal async Task AbandonAsync()
    {
        await _leases.StopAsync().ConfigureAwait(false);
        _link.Dispose();
    }

    internal Task AckAsync(SqsDelivery delivery, CancellationToken cancellationToken) =>
        SettleAsync("ack", end => _requests.DeleteAsync(delivery.ReceiptHandle, end), cancellationToken);

    internal Task RetryAsync(SqsDelivery delivery, CancellationToken cancellationToken)
    {
        var delay = RetryDelay.Compute(delivery.Attempt, _options.FirstRetryDelay, _options.MaxRetryDelay, Random.Shared.NextDouble());
        return SettleAsync(
            "retry",
            async end =>
            {
                await delivery.WaitForRenewalAsync(end).ConfigureAwait(false);
                await _requests.HideAsync(delivery.ReceiptHandle, delay, end).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Copies the message to the other queue and then removes it, so that a crash on the way leaves it twice and never loses it.</summary>
    internal async Task DeadLetterAsync(SqsDelivery delivery, string reason, bool keepBody, CancellationToken cancellationToken)
    {
        await SettleAsync(
            "dead_letter",
            async end =>
            {
                var dead = delivery.Message with { Attempts = delivery.Attempt, Reason = reason };
                await _requests.DeadLetterAsync(dead.ToEntry(SqsMessage.EncodeBody(keepBody ? delivery.Body.Span : [])), end).ConfigureAwait(false);
                await _requests.DeleteAsync(delivery.ReceiptHandle, end).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        Log.DeadLettered(_logger, delivery.MessageId, delivery.Attempt, reason);
    }

    internal Task EndAsync(SqsDelivery delivery, bool giveBack) => _leases.EndAsync(delivery, giveBack);

    private static (long Ready, long InFlight) Count(GetQueueAttributesResponse answer)
    {
        long Read(string name) =>
            answer.Attributes is { } attributes && attributes.TryGetValue(name, out var text)
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : 0;
        return (Read(Counts[0]) + Read(Counts[1]), Read(Counts[2]));
    }

    private void CheckSize(QueueMessage message)
    {
        if (message.Body.Length > MaxMessageBytes)
        {
            throw new MessageTooLargeException(message.Body.Length, MaxMessageBytes);
        }
    }

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

    /// <summary>Runs a call within the time limit; whatever fails but the caller's own cancellation is the queue's unavailability.</summary>
    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? _options.ConfirmTimeout, _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await call(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (QueueUnavailableException or MessageTooLargeException)
            && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            if (e is QueueDoesNotExistException)
            {
                _link.Forget();
            }

            Telemetry.Failures.Add(1);
            throw SqsLink.Unavailable(e);
        }
    }
}
