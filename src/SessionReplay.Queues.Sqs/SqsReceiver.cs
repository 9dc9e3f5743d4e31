namespace SessionReplay.Queues.Sqs;

/// <summary>Receives messages from the service.</summary>
internal sealed class SqsReceiver : IAsyncDisposable
{
    /// <summary>How many messages a request asks for at most: the service's own limit.</summary>
    private const int MaxFetch = 10;
    private readonly SqsLink _link;
    private readonly SqsRequests _requests;
    private readonly SqsQueueOptions _options;
    private readonly BrokerCalls _calls;
    private readonly PendingReceives<ReceivedMessage> _pending;

    internal SqsReceiver(SqsLink link, SqsRequests requests, SqsQueueOptions options, BrokerCalls calls)
    {
        (_link, _requests, _options, _calls) = (link, requests, options, calls);
        _pending = new PendingReceives<ReceivedMessage>(calls, options.LeaseTime / 4, GiveBackAsync);
    }

    /// <summary>
    /// Waits some seconds for a first message and takes more with it where there are more; an empty answer means to ask again.
    /// </summary>
    internal async Task<List<ReceivedMessage>> FetchAsync(int limit, CancellationToken cancellationToken)
    {
        var receive = _pending.TakeOver() ?? AskAsync(Math.Min(limit, MaxFetch), _options.WaitTime);
        var messages = await _pending.WaitAsync(receive, limit, cancellationToken).ConfigureAwait(false);
        if (messages.Count == MaxFetch && limit > MaxFetch)
        {
            messages.AddRange(await FetchMoreAsync(limit - MaxFetch, cancellationToken).ConfigureAwait(false));
        }

        return messages;
    }

    /// <summary>
    /// Gives back what nobody took and cuts off what still waits at the service: a message that it sends all the same is delivered again
    /// when its visibility timeout has passed.
    /// </summary>
    public ValueTask DisposeAsync() => _pending.DisposeAsync();

    /// <summary>Fetches without waiting. What is not there when the caller goes away is left; the caller gets the rest.</summary>
    private async Task<List<ReceivedMessage>> FetchMoreAsync(int limit, CancellationToken cancellationToken)
    {
        var answers = new List<Task<List<ReceivedMessage>>>();
        for (; limit > 0 && answers.Count < _options.MaxConcurrentReceives; limit -= MaxFetch)
        {
            answers.Add(AskAsync(Math.Min(limit, MaxFetch), TimeSpan.Zero));
        }

        try
        {
            await Task.WhenAll(answers).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            QueueLog.ReceiveFailed(_calls.Logger, e);
        }

        var messages = new List<ReceivedMessage>();
        foreach (var answer in answers)
        {
            if (answer.IsCompletedSuccessfully)
            {
                messages.AddRange(answer.Result);
            }
            else
            {
                _pending.Leave(answer);
            }
        }

        return messages;
    }

    private async Task<List<ReceivedMessage>> AskAsync(int count, TimeSpan wait)
    {
        using var limit = new CancellationTokenSource(wait + _options.ConfirmTimeout, _calls.Time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _pending.Disposed);
        var queues = await _link.GetAsync(end.Token).ConfigureAwait(false);
        var request = SqsRequests.Receive(queues.Main, count, wait, _options.LeaseTime);
        var answer = await _link.Client.ReceiveMessageAsync(request, end.Token).ConfigureAwait(false);
        var now = _calls.Time.GetTimestamp();
        return [.. (answer.Messages ?? []).Select(message => new ReceivedMessage(message, now))];
    }

    private Task GiveBackAsync(IReadOnlyList<ReceivedMessage> messages, CancellationToken end) =>
        Task.WhenAll(messages.Select(message => _requests.HideAsync(message.Message.ReceiptHandle, TimeSpan.Zero, end)));
}
