using System.Transactions;
using Azure.Messaging.ServiceBus;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>A message under peek-lock, whose lock is renewed until it is settled. See docs/adr/0007 for what each settlement is.</summary>
internal sealed class ServiceBusDelivery : IBrokerMessage
{
    private readonly ServiceBusLink _link;
    private readonly Deliveries<ServiceBusDelivery> _deliveries;
    private readonly ServiceBusDeadLetters _deadLetters;
    private readonly ServiceBusReceivedMessage _message;
    private readonly MessageHeaders _headers;
    private readonly LeaseRenewal _renewal;
    private bool _isRetried;

    internal ServiceBusDelivery(
        ServiceBusLink link,
        Deliveries<ServiceBusDelivery> deliveries,
        ServiceBusDeadLetters deadLetters,
        ServiceBusReceivedMessage message)
    {
        (_link, _deliveries, _deadLetters, _message) = (link, deliveries, deadLetters, message);
        _headers = MessageHeaders.Read(message);
        Body = MessageHeaders.ReadBody(message);

        // Most deliveries end before the first renewal and cost no request.
        _renewal = new LeaseRenewal(link.Options.LockRenewalInterval, RenewLockAsync, link.Calls.Time, link.Calls.Logger);
    }

    public string Id => _headers.Id;

    public ReadOnlyMemory<byte> Body { get; }

    public int Attempt => Math.Max(1, _headers.CountDeliveries(_message));

    public bool IsLastAttempt => _headers.Attempts + 1 >= _link.Options.MaxAttempts;

    public Task AckAsync(CancellationToken end) => _link.Receiver.CompleteMessageAsync(_message, end);

    /// <summary>Schedules a copy and completes the message in one transaction, so that it is neither lost nor doubled.</summary>
    public async Task RetryAsync(CancellationToken end)
    {
        _isRetried = true;
        var options = _link.Options;
        var next = _headers with { Attempts = _headers.Attempts + 1 };
        var copy = next.ToMessage(next.CopyId("retry", _message.SequenceNumber), Body);
        copy.ScheduledEnqueueTime = _link.Calls.Time.GetUtcNow()
            + RetryDelay.Compute(next.Attempts, options.FirstRetryDelay, options.MaxRetryDelay, Random.Shared.NextDouble());
        using var transaction = new CommittableTransaction(options.ConfirmTimeout);
        using (var scope = new TransactionScope(transaction, TransactionScopeAsyncFlowOption.Enabled))
        {
            await _link.Sender.SendMessageAsync(copy, end).ConfigureAwait(false);
            await _link.Receiver.CompleteMessageAsync(_message, end).ConfigureAwait(false);
            scope.Complete();
        }

        var commit = Task.Factory.FromAsync(transaction.BeginCommit, transaction.EndCommit, null);
        await commit.WaitAsync(end).ConfigureAwait(false);
    }

    /// <summary>
    /// Dead-letters the message, which the service does whole or not at all: one without a body is completed, and the log keeps it.
    /// </summary>
    public async Task DeadLetterAsync(string reason, bool keepBody, CancellationToken end)
    {
        if (!keepBody)
        {
            await AckAsync(end).ConfigureAwait(false);
            return;
        }

        var properties = new Dictionary<string, object>
        {
            [MessageHeaders.AttemptsName] = Attempt,
            [MessageHeaders.DeadAtName] = _link.Calls.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await _link.Receiver.DeadLetterMessageAsync(
            _message, properties, ServiceBusDeadLetters.OwnReason, reason, end).ConfigureAwait(false);
        _ = _deadLetters.BoundAsync();
    }

    /// <summary>Gives the message back. A retry that a full queue refuses counts as an attempt, so that retries come to an end.</summary>
    public async Task GiveBackAsync(bool afterFailure, CancellationToken end)
    {
        _renewal.Dispose();
        Dictionary<string, object>? properties =
            afterFailure && _isRetried ? null : new() { [MessageHeaders.ReleasedName] = _headers.Released + 1 };
        await _link.Receiver.AbandonMessageAsync(_message, properties, end).ConfigureAwait(false);
    }

    public void End() => _renewal.Dispose();

    private async Task RenewLockAsync()
    {
        try
        {
            await _link.Calls.RunAsync(
                end => _link.Receiver.RenewMessageLockAsync(_message, end), CancellationToken.None).ConfigureAwait(false);
        }
        catch (QueueUnavailableException e) when (ServiceBusErrors.IsLockLost(e.InnerException))
        {
            _renewal.Dispose();

            // A message that was settled in between has no lock either.
            if (_deliveries.IsOpen(this))
            {
                Log.LockLost(_link.Calls.Logger, Id);
            }
        }
    }
}
