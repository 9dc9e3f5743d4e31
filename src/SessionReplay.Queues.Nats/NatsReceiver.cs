using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>
/// Asks the server for messages. A question that has been asked is never dropped on a caller's cancellation: the server may answer it, and the
/// answer then goes back at once.
/// </summary>
internal sealed class NatsReceiver(NatsLink link, NatsQueueOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>How many messages are fetched at a time, a bound on memory.</summary>
    private const int MaxFetch = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Fetches what is there, or else waits some seconds for a first message; an empty answer means to ask again.</summary>
    internal async Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> FetchAsync(int limit, CancellationToken cancellationToken)
    {
        var asking = AskAsync(Math.Min(limit, MaxFetch));
        try
        {
            return await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _ = GiveBackAsync(asking);
            throw;
        }
    }

    private async Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> AskAsync(int limit)
    {
        // The server answers in time or the connection is broken, which the limit finds out.
        using var end = new CancellationTokenSource(Patience + options.ConfirmTimeout, time);
        var messages = new List<INatsJSMsg<NatsMemoryOwner<byte>>>();
        await FetchNowAsync(messages, limit, end.Token).ConfigureAwait(false);
        if (messages.Count > 0)
        {
            return messages;
        }

        var first = await link.Consumer.NextAsync<NatsMemoryOwner<byte>>(
            opts: new NatsJSNextOpts { Expires = Patience }, cancellationToken: end.Token).ConfigureAwait(false);
        if (first is not null)
        {
            messages.Add(first);
            if (limit > 1)
            {
                await FetchNowAsync(messages, limit - 1, end.Token).ConfigureAwait(false);
            }
        }

        return messages;
    }

    private async Task FetchNowAsync(List<INatsJSMsg<NatsMemoryOwner<byte>>> messages, int limit, CancellationToken cancellationToken)
    {
        var fetched = link.Consumer.FetchNoWaitAsync<NatsMemoryOwner<byte>>(new NatsJSFetchOpts { MaxMsgs = limit }, cancellationToken: cancellationToken);
        await foreach (var message in fetched.ConfigureAwait(false))
        {
            messages.Add(message);
        }
    }

    private async Task GiveBackAsync(Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> asking)
    {
        try
        {
            foreach (var message in await asking.ConfigureAwait(false))
            {
                await message.NakAsync().ConfigureAwait(false);
                message.Data.Dispose();
            }
        }
        catch (Exception e)
        {
            // Nobody waits for this any more; what it may have got comes back when its lease runs out.
            Log.FetchFailed(logger, e);
        }
    }
}
