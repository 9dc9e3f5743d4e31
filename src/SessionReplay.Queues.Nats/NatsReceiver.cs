using NATS.Client.Core;
using NATS.Client.JetStream;

namespace SessionReplay.Queues.Nats;

/// <summary>Fetches messages from the server.</summary>
internal sealed class NatsReceiver(NatsLink link, NatsQueueOptions options, BrokerCalls calls) : IAsyncDisposable
{
    /// <summary>How many messages are fetched at a time, a bound on memory.</summary>
    private const int MaxFetch = 128;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepTime = TimeSpan.FromMilliseconds(500);
    private readonly PendingReceives<INatsJSMsg<NatsMemoryOwner<byte>>> _pending = new(calls, KeepTime, GiveBackAsync);

    /// <summary>Gets how long a fetch may take.</summary>
    internal TimeSpan MaxTime { get; } = Patience + TimeSpan.FromSeconds(1) + options.ConfirmTimeout;

    /// <summary>Fetches what is there, or else waits some seconds for a first message; an empty answer means to ask again.</summary>
    internal async Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> FetchAsync(int limit, CancellationToken cancellationToken)
    {
        limit = Math.Min(limit, MaxFetch);
        var waiting = _pending.TakeOver();
        if (waiting is { IsCompletedSuccessfully: true })
        {
            return await _pending.WaitAsync(waiting, limit, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var messages = await _pending.WaitAsync(FetchNowAsync(limit), limit, cancellationToken).ConfigureAwait(false);
            if (messages.Count > 0)
            {
                _pending.Leave(waiting);
                return messages;
            }
        }
        catch
        {
            _pending.Leave(waiting);
            throw;
        }

        return await _pending.WaitAsync(waiting ?? WaitForOneAsync(), limit, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _pending.DisposeAsync();

    private async Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> WaitForOneAsync()
    {
        // The server answers in time or the connection is broken, which the limit finds out.
        using var end = new CancellationTokenSource(Patience + options.ConfirmTimeout, calls.Time);
        var first = await link.Consumer.NextAsync<NatsMemoryOwner<byte>>(
            opts: new NatsJSNextOpts { Expires = Patience }, cancellationToken: end.Token).ConfigureAwait(false);
        return first is null ? [] : [first];
    }

    private async Task<List<INatsJSMsg<NatsMemoryOwner<byte>>>> FetchNowAsync(int limit)
    {
        using var end = new CancellationTokenSource(options.ConfirmTimeout, calls.Time);
        var messages = new List<INatsJSMsg<NatsMemoryOwner<byte>>>();
        var fetched = link.Consumer.FetchNoWaitAsync<NatsMemoryOwner<byte>>(
            new NatsJSFetchOpts { MaxMsgs = limit }, cancellationToken: end.Token);
        await foreach (var message in fetched.ConfigureAwait(false))
        {
            messages.Add(message);
        }

        return messages;
    }

    private static async Task GiveBackAsync(IReadOnlyList<INatsJSMsg<NatsMemoryOwner<byte>>> messages, CancellationToken end)
    {
        foreach (var message in messages)
        {
            await message.NakAsync(cancellationToken: end).ConfigureAwait(false);
            message.Data.Dispose();
        }
    }
}
