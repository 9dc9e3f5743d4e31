using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>
/// Asks the server for messages. A question that has been asked is never dropped when its caller goes away: the server would answer it before
/// all later ones. The next caller takes it over, and an answer that nobody takes in time goes back.
/// </summary>
internal sealed class NatsReceiver(NatsLink link, NatsQueueOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>How many messages are fetched at a time, a bound on memory.</summary>
    private const int MaxFetch = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepAnswer = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentQueue<Question> _left = new();

    /// <summary>Fetches what is there, or else waits some seconds for a first message; an empty answer means to ask again.</summary>
    internal async Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> FetchAsync(int limit, CancellationToken cancellationToken)
    {
        limit = Math.Min(limit, MaxFetch);
        var question = TakeOver();
        if (question is { Answer.IsCompletedSuccessfully: true })
        {
            return [question.Answer.Result!];
        }

        var now = FetchNowAsync(limit);
        try
        {
            var messages = await now.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (messages.Count > 0)
            {
                Leave(question);
                return messages;
            }
        }
        catch
        {
            Leave(question);
            _ = GiveBackAsync(now);
            throw;
        }

        question ??= new Question(WaitForOneAsync());
        try
        {
            return await question.Answer.WaitAsync(cancellationToken).ConfigureAwait(false) is { } message ? [message] : [];
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Leave(question);
            throw;
        }
    }

    private Question? TakeOver()
    {
        while (_left.TryDequeue(out var question))
        {
            var isAnswered = question.Answer.IsCompleted;
            if (question.TryTake() && (!isAnswered || (question.Answer.IsCompletedSuccessfully && question.Answer.Result is not null)))
            {
                return question;
            }
        }

        return null;
    }

    private void Leave(Question? question)
    {
        if (question is not null)
        {
            var left = new Question(question.Answer);
            _left.Enqueue(left);
            _ = GiveBackUnlessTakenAsync(left);
        }
    }

    private async Task<INatsJSMsg<NatsMemoryOwner<byte>>?> WaitForOneAsync()
    {
        // The server answers in time or the connection is broken, which the limit finds out.
        using var end = new CancellationTokenSource(Patience + options.ConfirmTimeout, time);
        return await link.Consumer.NextAsync<NatsMemoryOwner<byte>>(
            opts: new NatsJSNextOpts { Expires = Patience }, cancellationToken: end.Token).ConfigureAwait(false);
    }

    private async Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> FetchNowAsync(int limit)
    {
        using var end = new CancellationTokenSource(options.ConfirmTimeout, time);
        var messages = new List<INatsJSMsg<NatsMemoryOwner<byte>>>();
        var fetched = link.Consumer.FetchNoWaitAsync<NatsMemoryOwner<byte>>(new NatsJSFetchOpts { MaxMsgs = limit }, cancellationToken: end.Token);
        await foreach (var message in fetched.ConfigureAwait(false))
        {
            messages.Add(message);
        }

        return messages;
    }

    private async Task GiveBackUnlessTakenAsync(Question question)
    {
        try
        {
            if (await question.Answer.ConfigureAwait(false) is { } message)
            {
                await Task.Delay(KeepAnswer, time).ConfigureAwait(false);
                if (question.TryTake())
                {
                    await GiveBackAsync(message).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            // What the server may have sent comes back when its lease runs out.
            Log.FetchFailed(logger, e);
        }
    }

    private async Task GiveBackAsync(Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> fetching)
    {
        try
        {
            foreach (var message in await fetching.ConfigureAwait(false))
            {
                await GiveBackAsync(message).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            Log.FetchFailed(logger, e);
        }
    }

    private static async Task GiveBackAsync(INatsJSMsg<NatsMemoryOwner<byte>> message)
    {
        await message.NakAsync().ConfigureAwait(false);
        message.Data.Dispose();
    }

    /// <summary>A question to the server, with one caller that waits for its answer or none.</summary>
    private sealed class Question(Task<INatsJSMsg<NatsMemoryOwner<byte>>?> answer)
    {
        private int _taken;

        internal Task<INatsJSMsg<NatsMemoryOwner<byte>>?> Answer { get; } = answer;

        internal bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;
    }
}
