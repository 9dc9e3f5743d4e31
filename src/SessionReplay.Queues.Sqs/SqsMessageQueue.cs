using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Sqs;

/// <summary>The queue on a standard queue of Amazon SQS, with a second one for the dead letters.</summary>
internal sealed class SqsMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
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
    private readonly SqsDeadLetters _deadLetters;
    private readonly BrokerCalls _calls;
    private readonly Deliveries<SqsDelivery> _deliveries;
    private readonly LeaseRenewal _renewal;

    public SqsMessageQueue(IOptions<SqsQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<SqsMessageQueue> logger)
    {
        _options = options.Value;
        _link = new SqsLink(_options, services, time, logger);
        _calls = new BrokerCalls(_options.ConfirmTimeout, SqsErrors.Unavailable, time, logger)
        {
            Failed = OnFailed, MaxPublishes = _options.MaxUnconfirmedPublishes,
        };
        _requests = new SqsRequests(_link, _options, time);
        _receiver = new SqsReceiver(_link, _requests, _options, _calls);
        _deadLetters = new SqsDeadLetters(_link, _options);
        _deliveries = new Deliveries<SqsDelivery>(_calls);
        _renewal = new LeaseRenewal(_options.LeaseTime / 6, RenewAsync, time, logger);
    }

    /// <summary>
    /// Gets what is left of the maximum message for bytes in base64; until a first call has found the queue, what the options say.
    /// </summary>
    public int MaxMessageBytes => SqsMessage.MaxBody(_link.MaxMessageBytes);

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.CheckSize(message, MaxMessageBytes);
        await _calls.PublishAsync(
            message,
            async end =>
            {
                await _link.GetAsync(end).ConfigureAwait(false);
                QueueArguments.CheckSize(message, MaxMessageBytes);

                // The text is made here: the bytes are the caller's again as soon as it stops waiting.
                var entry = new SqsMessage(message.Id, message.PartitionKey).ToEntry(SqsMessage.EncodeBody(message.Body.Span));
                await _requests.PublishAsync(entry, end).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var messages = await _calls.RunAsync(
                end => _receiver.FetchAsync(maxMessages, end),
                cancellationToken,
                _options.WaitTime + (2 * _options.ConfirmTimeout)).ConfigureAwait(false);
            if (messages.Count > 0)
            {
                return messages.ConvertAll(message => _deliveries.Add(new SqsDelivery(message, _requests, _options)));
            }
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
                var queues = await _link.GetAsync(end).ConfigureAwait(false);
                var main = _link.Client.GetQueueAttributesAsync(queues.Main, Counts, end);
                var dead = await _link.Client.GetQueueAttributesAsync(queues.Dead, Counts, end).ConfigureAwait(false);
                var (ready, inFlight) = Count(await main.ConfigureAwait(false));
                var (waiting, looked) = Count(dead);
                return new QueueStatus(ready, inFlight, waiting + looked, GetOldestAge());
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync().ConfigureAwait(false);
        await _deliveries.GiveAllBackAsync().ConfigureAwait(false);
        await _receiver.DisposeAsync().ConfigureAwait(false);
        _link.Dispose();
    }

    private void OnFailed(Exception cause, long started)
    {
        if (cause is QueueDoesNotExistException)
        {
            _link.Forget();
        }
    }

    private static (long Ready, long InFlight) Count(GetQueueAttributesResponse answer)
    {
        long Read(string name) => QueueArguments.ReadNumber(answer.Attributes?.GetValueOrDefault(name));
        return (Read(Counts[0]) + Read(Counts[1]), Read(Counts[2]));
    }

    /// <summary>The service does not report the age of what waits: another service does (CloudWatch).</summary>
    private TimeSpan? GetOldestAge() => _deliveries.Unsettled.Min(message => (long?)message.SentAt) is { } sentAt
        ? QueueArguments.Age(sentAt, _calls.Time.GetUtcNow())
        : null;

    /// <summary>Renews leases of which a third has passed: most deliveries are settled before and cost no request.</summary>
    private Task RenewAsync()
    {
        var due = _deliveries.Unsettled.Where(message => _calls.Time.GetElapsedTime(message.RenewedAt) >= _options.LeaseTime / 3);
        return Task.WhenAll(due.Select(message => _deliveries.RenewAsync(message, () => message.RenewAsync(_calls.Time, OnRenewalFailed))));
    }

    private void OnRenewalFailed(SqsDelivery message, Exception failure)
    {
        if (failure is EntryFailedException { IsSenderFault: true })
        {
            _deliveries.Remove(message);
            Log.LeaseLost(_calls.Logger, message.Id);
        }
        else
        {
            QueueLog.RenewalFailed(_calls.Logger, failure);
        }
    }
}
