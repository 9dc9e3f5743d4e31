using System.Collections.Concurrent;
using Amazon.SQS.Model;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues.Sqs;

/// <summary>
/// Asks the service for messages. A request that waits there is never cut off when its caller goes away: the service could still answer it, and
/// the messages would be hidden from all. The next caller takes it over, and an answer that nobody takes in time goes back.
/// </summary>
internal sealed class SqsReceiver(SqsLink link, SqsRequests requests, SqsQueueOptions options, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>How many messages a request asks for at most: the service's own limit.</summary>
    private const int MaxFetch = 10;
    private readonly TimeSpan _keepAnswer = options.LeaseTime / 4;
    private readonly ConcurrentQueue<Question> _left = new();
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Waits some seconds for a first message and takes more with it where there are more; an empty answer means to ask again.</summary>
    internal async Task<List<ReceivedMessage>> FetchAsync(int limit, CancellationToken cancellationToken)
    {
        var question = TakeOver() ?? new Question(AskAsync(Math.Min(limit, MaxFetch), options.WaitTime));
        List<ReceivedMessage> messages;
        try
        {
            messages = await question.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Leave(question.Answer);
            throw;
        }

        if (messages.Count > limit)
        {
            Leave(Task.FromResult(messages[limit..]));
            return messages[..limit];
        }

        if (messages.Count == MaxFetch && limit > MaxFetch)
        {
            messages.AddRange(await FetchMoreAsync(limit - MaxFetch, cancellationToken).ConfigureAwait(false));
        }

        return messages;
    }

    /// <summary>
    /// Gives back what nobody took and cuts off what still waits at the service: a message that it sends all the same is delivered again when its
    /// visibility timeout has passed.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        while (TakeOver() is { } question)
        {
            if (question.Answer.IsCompletedSuccessfully)
            {
                await GiveBackAsync(question.Answer.Result).ConfigureAwait(false);
            }
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Fetches without waiting. What is not there when the caller goes away is left; the caller gets the rest.</summary>
    private async Task<List<ReceivedMessage>> FetchMoreAsync(int limit, CancellationToken cancellationToken)
    {
        var answers = new List<Task<List<ReceivedMessage>>>();
        for (; limit > 0 && answers.Count < options.MaxConcurrentReceives; limit -= MaxFetch)
        {
            answers.Add(AskAsync(Math.Min(limit, MaxFetch), TimeSpan.Zero));
        }

        try
        {
            await Task.WhenAll(answers).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.FetchFailed(logger, e);
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
                Leave(answer);
            }
        }

        return messages;
    }

    private Question? TakeOver()
    {
        while (_left.TryDequeue(out var question))
        {
            var isAnswered = question.Answer.IsCompleted;
            if (question.TryTake() && (!isAnswered || (question.Answer.IsCompletedSuccessfully && question.Answer.Result.Count > 0)))
            {
                return question;
            }
        }

        return null;
    }

    private void Leave(Task<List<ReceivedMessage>> answer)
    {
        var left = new Question(answer);
        _left.Enqueue(left);
        _ = GiveBackUnlessTakenAsync(left);
    }

    private async Task<List<ReceivedMessage>> AskAsync(int count, TimeSpan wait)
    {
        using var limit = new CancellationTokenSource(wait + options.ConfirmTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _disposed.Token);
        var queues = await link.GetAsync(end.Token).ConfigureAwait(false);
        var answer = await link.Client.ReceiveMessageAsync(
            new ReceiveMessageRequest
            {
                QueueUrl = queues.Main,
                MaxNumberOfMessages = count,
                WaitTimeSeconds = SqsRequests.Seconds(wait),
                VisibilityTimeout = SqsRequests.Seconds(options.LeaseTime),
                MessageAttributeNames = ["All"],
                MessageSystemAttributeNames = SqsMessage.SystemNames,
            },
            end.Token).ConfigureAwait(false);
        var now = time.GetTimestamp();
        return [.. (answer.Messages ?? []).Select(message => new ReceivedMessage(message, now))];
    }

    private async Task GiveBackUnlessTakenAsync(Question question)
    {
        try
        {
            var messages = await question.Answer.ConfigureAwait(false);
            await Task.Delay(_keepAnswer, time, _disposed.Token).ConfigureAwait(false);
            if (question.TryTake())
            {
                await GiveBackAsync(messages).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // What the service may have sent is delivered again when its visibility timeout has passed.
            Log.FetchFailed(logger, e);
        }
    }

    private async Task GiveBackAsync(List<ReceivedMessage> messages)
    {
        using var limit = new CancellationTokenSource(options.ConfirmTimeout, time);
        try
        {
            await Task.WhenAll(messages.Select(message => requests.HideAsync(message.Message.ReceiptHandle, TimeSpan.Zero, limit.Token)))
                .ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.ReleaseFailed(logger, e);
        }
    }

    /// <summary>A request to the service, with one caller that waits for its answer or none.</summary>
    private sealed class Question(Task<List<ReceivedMessage>> answer)
    {
        private int _taken;

        internal Task<List<ReceivedMessage>> Answer { get; } = answer;

        internal bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;
    }
}
